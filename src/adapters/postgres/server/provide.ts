// Finds the PostgreSQL of a run: a given server, else programs on this machine, else the npm package.
import { cancelled, stopIfCancelled, UserError } from '../../../model/errors.js'
import type { Cluster, Clusters } from '../cluster.js'
import { serverAccount } from './account.js'
import type { Machine } from './machine.js'
import { NEWEST_MAJOR, OLDEST_MAJOR, type Build, type Found } from './build.js'
import { openCache } from './cache.js'
import { useGiven } from './given.js'
import { PROGRAM_FOLDERS, findLocal } from './local.js'
import { startOwn } from './started.js'
import { findPackages, installCommand } from './package.js'
import { ensureStartable } from './programs.js'
import { sweepRunDirectories } from './run-directory.js'

/**
 * `server`: a postgres:// URL or key=value text. `major`: the requested version, for example 15. `packagesRoot`:
 * folders from which the search for `node_modules` goes upwards, or platform packages themselves. `programFolders` is
 * for tests, which hide what the machine has. `signal` cancels the start, and ends our own running servers at once.
 */
export type ProvideOptions = Machine & {
  readonly server: string | undefined
  readonly major: number | undefined
  readonly disposable: boolean
  readonly packagesRoot: readonly string[]
  readonly signal: AbortSignal
  readonly programFolders?: readonly string[]
}

/**
 * Resolves when the server answers. Rejects with a UserError (kind `environment`, `use` for an invalid address,
 * `cancelled` after the signal) and leaves nothing behind. The caller must `close` the result on every path. If a
 * process dies without that, the servers' guardians or the next run clean up.
 */
export async function provideServer(options: ProvideOptions): Promise<Clusters> {
  stopIfCancelled(options.signal)
  if (options.platform === 'win32') {
    throw new UserError({
      kind: 'environment',
      what: 'Windows is not supported.',
      fix: 'Run it under WSL, in a Linux container or in CI on Linux.',
    })
  }
  if (options.server !== undefined && options.server.trim() !== '') {
    const main = await useGiven({ ...options, server: options.server, machine: options })
    const { disposable } = options
    return { main, disposable, notes: notesOn(main), another: undefined, close: () => Promise.resolve() }
  }
  return provideOwn(options)
}

async function provideOwn(options: ProvideOptions): Promise<Clusters> {
  const { signal } = options
  const account = await serverAccount(options)
  await sweepRunDirectories({ machine: options, account })
  const cache = await openCache(options, account)
  const build = await chooseBuild(options, (candidate) =>
    ensureStartable({ build: candidate, cache, machine: options, account, signal }),
  )
  const started = new Set<Promise<Cluster>>()
  const start = (replication: boolean): Promise<Cluster> => {
    if (closed) return Promise.reject(cancelled())
    const cluster = startOwn({ build, cache, machine: options, account, signal, replication })
    started.add(cluster)
    return cluster
  }
  let closed = false
  const main = await start(false)
  return {
    main,
    disposable: true,
    notes: notesOn(main),
    another: () => start(true),
    close: async () => {
      closed = true
      const stops = [...started].map((cluster) =>
        cluster.then(
          ({ stop }) => stop(),
          () => undefined,
        ),
      )
      await Promise.all(stops)
    },
  }
}

const notesOn = ({ report }: Cluster): readonly string[] =>
  report.major > NEWEST_MAJOR
    ? [`PostgreSQL ${report.major} is newer than ${NEWEST_MAJOR}, the newest that this version was tested with.`]
    : []

/** The first build that starts. A broken installation must not hide a working one. */
async function chooseBuild(options: ProvideOptions, usable: (build: Build) => Promise<Build>): Promise<Build> {
  const asked = (build: Build): boolean => options.major === undefined || build.major === options.major
  const local = await findLocal(options, options.programFolders ?? PROGRAM_FOLDERS)
  const first = await firstUsable(local.builds.filter(asked), usable)
  if (first.build !== undefined) return first.build
  const packages = await findPackages(options, options.packagesRoot)
  const second = await firstUsable(packages.builds.filter(asked), usable)
  if (second.build !== undefined) return second.build
  throw first.error ?? second.error ?? noServer({ local, packages, major: options.major, machine: options })
}

type Tried = { readonly build?: Build; readonly error?: UserError }

async function firstUsable(builds: readonly Build[], usable: (build: Build) => Promise<Build>): Promise<Tried> {
  let first: UserError | undefined
  for (const build of builds) {
    try {
      return { build: await usable(build) }
    } catch (error) {
      if (!(error instanceof UserError) || error.kind !== 'environment') throw error
      first ??= error
    }
  }
  return first === undefined ? {} : { error: first }
}

function noServer(options: { local: Found; packages: Found; major: number | undefined; machine: Machine }): UserError {
  const { local, packages, major, machine } = options
  const tried = (found: Found): string =>
    [...found.looked, ...found.builds.map((b) => `${b.bin} is ${b.version}`)].join(', ')
  const unknown =
    major !== undefined && major < OLDEST_MAJOR ? ` (${OLDEST_MAJOR} is the oldest supported version)` : ''
  const install = installCommand(machine, major)
  const container =
    major === undefined || install === undefined ? '' : `, of a container of postgres:${major} for example`
  return new UserError({
    kind: 'environment',
    what: [
      `no PostgreSQL ${major === undefined ? '' : `${major} `}server to prove on${unknown}`,
      'tried: --server (not given)',
      `       programs on this machine (${tried(local)})`,
      `       npm platform package (${tried(packages)})`,
    ].join('\n'),
    fix: [
      `do one of: --server URL${container}`,
      `install PostgreSQL${major === undefined ? '' : ` ${major}`}`,
      ...(install === undefined ? [] : [install]),
    ].join(' · '),
  })
}
