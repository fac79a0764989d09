// The folder that keeps costly things between runs: initialised data directories and copies of programs.
import { chown, lstat, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { cacheBases, isOpenToOthers, isOwnAlone } from '../../../model/account-cache.js'
import { removeTree, runCommand } from './command.js'
import { OWNER_PATTERN, isOwnerAlive } from './owner.js'
import type { Account, Machine } from './machine.js'

/** The server's account may write `data`. Only we may write `programs`, and that account may read it. */
export type Cache = { readonly data: string; readonly programs: string }

const NAME = 'pg-migration-gate'
const UNUSED_DAYS = 60

/**
 * The first folder that only we can write. Undefined when there is none; then every run makes what it needs again.
 * Nothing comes from a folder that another account owns or may write.
 */
export async function openCache(machine: Machine, account: Account | undefined): Promise<Cache | undefined> {
  for (const folder of cacheFolders(machine)) {
    const cache = await openAt({ folder, machine, account }).catch(() => undefined)
    if (cache !== undefined) return cache
  }
  return undefined
}

/** Looks in the account's cache folders, then in the temp folder. */
function cacheFolders({ environment, platform, uid }: Machine): readonly string[] {
  const lasting = cacheBases({ environment, platform, uid, home: environment['HOME'] })
  const temporary = [environment['TMPDIR'] ?? '', '/tmp'].filter(isAbsolute)
  return [...lasting.map((base) => join(base, NAME)), ...temporary.map((base) => join(base, `${NAME}-${uid ?? 0}`))]
}

async function openAt(options: {
  folder: string
  machine: Machine
  account: Account | undefined
}): Promise<Cache | undefined> {
  const { folder, machine, account } = options
  const { uid } = machine
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
  if (!(await isSafeParent(dirname(folder)))) return undefined
  await ensureOwned(folder, { uid, mode: account ? 0o755 : 0o700 })
  const programs = join(folder, 'programs')
  await ensureOwned(programs, { uid, mode: account ? 0o755 : 0o700 })
  const data = join(folder, account ? `data-of-${account.uid}` : 'data')
  await ensureOwned(data, { uid: account?.uid ?? uid, gid: account?.gid, mode: 0o700 })
  const script = 'cd -- "$1" && [ -w . ]'
  const { code } = await runCommand({ program: '/bin/sh', args: ['-c', script, 'sh', data], machine, account })
  if (code !== 0) return undefined
  await sweep({ folder: data, machine, account })
  await sweep({ folder: programs, machine, account: undefined })
  return { data, programs }
}

/** If others may write in the parent, they must not be able to replace our folder: the sticky bit of /tmp. */
async function isSafeParent(path: string): Promise<boolean> {
  const { mode } = await stat(path)
  return !isOpenToOthers(mode) || (mode & 0o1000) !== 0
}

async function ensureOwned(
  path: string,
  owner: { uid: number | undefined; gid?: number | undefined; mode: number },
): Promise<void> {
  const made = await mkdir(path, { mode: owner.mode }).then(
    () => true,
    () => false,
  )
  if (made && owner.uid !== undefined && owner.gid !== undefined) await chown(path, owner.uid, owner.gid)
  const now = await lstat(path)
  if (!now.isDirectory() || !isOwnAlone(now, owner.uid ?? now.uid)) {
    throw new Error(`${path} is not ours alone`)
  }
}

/** Removes what a killed run left unfinished, and what was not used for a long time. */
async function sweep(options: { folder: string; machine: Machine; account: Account | undefined }): Promise<void> {
  const { folder, machine, account } = options
  const oldest = Date.now() - UNUSED_DAYS * 86_400_000
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const owner = new RegExp(`\\.${OWNER_PATTERN}-\\d+$`).exec(name)
    const used = (await lstat(path).catch(() => undefined))?.mtimeMs ?? oldest
    const left = owner === null ? used < oldest : !(await isOwnerAlive(owner.slice(1), machine))
    if (left) await removeTree({ path, machine, account })
  }
}
