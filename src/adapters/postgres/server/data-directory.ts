// The initialised data directory that every cluster of a build starts from, made once and kept in the cache.
import { createHash } from 'node:crypto'
import { lstat, rename, lutimes } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../../model/errors.js'
import type { Build } from './build.js'
import { removeTree, runCommand } from './command.js'
import { ownerTag } from './owner.js'
import { initdbArguments, serverSettings } from './settings.js'
import type { Account, Machine } from './machine.js'

type Options = {
  readonly build: Build
  readonly machine: Machine
  readonly account: Account | undefined
  readonly signal: AbortSignal
}

/** `age` is `kept` when the directory already existed. */
export type Seed = { readonly path: string; readonly age: 'kept' | 'new' }

const INITIALISE = 'umask 077; conf=$1; shift; "$@" && cat >"$conf"'

let drafts = 0

/**
 * The seed of this build in the cache's data folder. It is made under a unique name and then renamed, so that two runs
 * at once do not disturb each other. Rejects with a UserError, and leaves nothing, when it cannot be made.
 */
export async function ensureSeed(options: Options & { readonly folder: string }): Promise<Seed> {
  const { build, folder, machine, account } = options
  const path = join(folder, `${build.major}-${keyOf(build)}`)
  if (await lstat(path).catch(() => undefined)) {
    const now = new Date()
    await lutimes(path, now, now).catch(() => undefined)
    return { path, age: 'kept' }
  }
  const draft = `${path}.${await ownerTag(machine)}-${drafts++}`
  try {
    await initialise({ ...options, directory: draft })
    await rename(draft, path).catch(() => undefined)
  } finally {
    await removeTree({ path: draft, machine, account })
  }
  return { path, age: 'new' }
}

/** Runs initdb and writes our settings, as the account that will run the server. */
export async function initialise(options: Options & { readonly directory: string }): Promise<void> {
  const { build, directory, machine, account, signal } = options
  const initdb = [join(build.bin, 'initdb'), '-D', directory, ...initdbArguments(build)]
  const { code, output, spawnError } = await runCommand({
    program: '/bin/sh',
    args: ['-c', INITIALISE, 'sh', join(directory, 'postgresql.conf'), ...initdb],
    input: serverSettings(build),
    machine,
    account,
    signal,
  })
  if (code === 0) return
  const full = /No space left on device|disk quota/i.test(output)
  throw new UserError({
    kind: 'environment',
    what: full
      ? `There is no room for a PostgreSQL data directory in ${directory}.`
      : `initdb of PostgreSQL ${build.version} failed: ${spawnError ?? lastWords(output)}`,
    fix: full
      ? 'Free about 100 MB there, or set XDG_CACHE_HOME and TMPDIR to a larger place.'
      : `Try ${join(build.bin, 'initdb')} by hand, or name a server with --server.`,
  })
}

/** Removes a seed from which no server starts (the machine lost power while it was written). */
export async function discardSeed(options: Options & { readonly path: string }): Promise<void> {
  const { path, machine, account } = options
  const draft = `${path}.${await ownerTag(machine)}-${drafts++}`
  await rename(path, draft).catch(() => undefined)
  await removeTree({ path: draft, machine, account })
}

const keyOf = (build: Build): string =>
  createHash('sha256')
    .update(JSON.stringify([build.identity, initdbArguments(build), serverSettings(build)]))
    .digest('hex')
    .slice(0, 16)

const lastWords = (output: string): string => {
  const lines = output.trim().split('\n')
  return lines.find((line) => /(error|fatal|panic):/i.test(line)) ?? lines.at(-1) ?? 'no message'
}
