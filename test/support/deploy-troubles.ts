// Deploys that meet a lock, a full disk, an archive that is not what was written, or a COMMIT whose answer is lost.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { LiveReport } from '../../src/report/run-report.js'
import { EXTERNAL, finish, holdAgainst, prepare, versionsThere, type Faults } from './deploy-faults.js'
import { dsnOf } from './live.js'
import { BACKUP, type Production } from './production.js'
import { startProxy } from './proxy.js'

/** How often each way to end was seen. */
export type Ends = Readonly<Record<string, number>>

async function count(runs: number, one: () => Promise<string>): Promise<Ends> {
  const ends: Record<string, number> = {}
  for (let run = 0; run < runs; run++) {
    const end = await one()
    ends[end] = (ends[end] ?? 0) + 1
  }
  return ends
}

async function inProduction<T>({ live }: Pick<Faults, 'live'>, body: (at: Production) => Promise<T>): Promise<T> {
  const at = await prepare(live)
  try {
    return await body(at)
  } finally {
    at.folder.remove()
  }
}

const pick = <T>(random: () => number, list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]

const stoppedOf = ({ targets }: LiveReport): string => targets.map(({ stopped }) => stopped?.what ?? '').join('\n')

/** Nothing was begun, and the same command goes on. */
async function nothingDone(at: Production, report: LiveReport): Promise<void> {
  if (report.exitCode !== 3) throw new Error(`it ended with ${report.exitCode}: ${stoppedOf(report)}`)
  if ((await versionsThere(at)).some((version) => version !== 1)) throw new Error('something was applied')
}

/** A step is given up after twelve attempts of so long, with as long a pause behind each. */
const LOCK_MS = 100
const MINUTES = 300_000

/**
 * An application holds a table that a step needs, from any moment on, for a while or for longer than the deploy is willing to
 * wait; another one reads it all the time. Its longest wait may not exceed one attempt and a second.
 */
export const holdLocks = (faults: Faults): Promise<Ends> =>
  count(faults.runs, () =>
    inProduction(faults, async (at) => {
      const { random } = faults
      at.write({
        'migrations/rates_db/00005_m.up.sql': 'ALTER TABLE a ADD COLUMN note text;\n',
        'migrations/rates_db/00005_m.down.sql': 'ALTER TABLE a DROP COLUMN note;\n',
      })
      const approved = await at.approve()
      const database = at.databases['rates_db']
      const holder = await database?.session()
      const reader = await database?.session()
      let longest = 0
      const reading = new AbortController()
      const reads = (async () => {
        while (!reading.signal.aborted) {
          const start = performance.now()
          await reader?.query('SELECT count(*) FROM a')
          longest = Math.max(longest, performance.now() - start)
          await wait(5)
        }
      })()
      const ended = new AbortController()
      const holds = (async () => {
        await wait(random() * 300)
        await holder?.query('BEGIN; LOCK TABLE a IN ACCESS SHARE MODE')
        const held = random() < 0.5 ? MINUTES : random() * 24 * LOCK_MS
        await wait(held, undefined, { signal: ended.signal }).catch(() => undefined)
        await holder?.query('ROLLBACK')
      })()
      const report = await at.deploy({ ...approved, backup: EXTERNAL, lockMs: LOCK_MS })
      reading.abort()
      await reads
      ended.abort()
      await holds
      await Promise.all([holder?.end(), reader?.end()])
      if (longest > LOCK_MS + 1_000) throw new Error(`the application waited for ${longest.toFixed(0)} ms`)
      const [row] = (await database?.query('SELECT version::int AS version FROM schema_migrations')) ?? []
      if (report.verdict === 'pass') return 'it got the lock'
      const reported = JSON.stringify(report.targets.find(({ name }) => name === 'rates_db')?.steps)
      if (!/idle in a transaction/.test(reported)) throw new Error(`the holder is not named: ${reported}`)
      if (row?.['version'] !== 4) throw new Error(`rates_db is at ${String(row?.['version'])}`)
      const again = await at.deploy({ ...approved, backup: EXTERNAL })
      if (again.verdict !== 'pass') throw new Error(`it does not go on: ${stoppedOf(again)}`)
      return 'given up, named, went on later'
    }),
  )

/** Whether this machine lets us make small disks. */
export const canMount =
  process.getuid?.() === 0 &&
  spawnSync('sh', ['-c', 'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d"; rmdir "$d"'])
    .status === 0

const ROWS = `INSERT INTO a SELECT generate_series(101, 30000); UPDATE a SET id = -id; UPDATE a SET id = -id`

/** The disk for backups has any size around what they need. `freeBytes` hides it, as other files on the disk would. */
export const fillDisks = (faults: Faults): Promise<Ends> =>
  count(faults.runs, () =>
    inProduction(faults, async (at) => {
      for (const name of ['core_db', 'kyc_db']) await at.databases[name]?.query(ROWS)
      const approved = await at.approve()
      const folder = at.folder.at('small')
      mkdirSync(folder)
      const size = 4 * Math.ceil(4 + faults.random() * 60)
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}k`, 'tmpfs', folder])
      try {
        const report = await at.deploy(
          { ...approved, backup: { ...BACKUP, folder: 'small' } },
          { backups: { freeBytes: 1e12 } },
        )
        if (report.verdict === 'pass') return 'there was room'
        if (!/no space left on device/i.test(stoppedOf(report))) throw new Error(stoppedOf(report))
        await at.databases['core_db']?.query('DELETE FROM a WHERE id > 100')
        await at.databases['kyc_db']?.query('DELETE FROM a WHERE id > 100')
        await nothingDone(at, report)
        const left = readdirSync(folder)
        const half = left.filter((name) => name.endsWith('.dump') && !left.includes(`${name}.json`))
        if (half.length > 0) throw new Error(`left behind: ${half.join(', ')}`)
        const again = await at.deploy({ ...approved, backup: EXTERNAL })
        if (again.verdict !== 'pass') throw new Error(`it does not go on: ${stoppedOf(again)}`)
        return 'full, told, went on later'
      } finally {
        execFileSync('umount', [folder])
      }
    }),
  )

/** One bit, or everything from a byte on, of the archive of one database, at any place. */
export const spoilArchives = (faults: Faults): Promise<Ends> =>
  count(faults.runs, () =>
    inProduction(faults, async (at) => {
      const { random } = faults
      const approved = await at.approve()
      const how = pick(random, ['a bit flipped', 'cut off'])
      let left = Math.floor(random() * 4)
      const afterDump = (archive: string): Promise<void> => {
        if (left-- !== 0) return Promise.resolve()
        const bytes = readFileSync(archive)
        const place = Math.floor(random() * bytes.length)
        bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8))
        writeFileSync(archive, how === 'cut off' ? bytes.subarray(0, place) : bytes)
        return Promise.resolve()
      }
      const report = await at.deploy({ ...approved, backup: BACKUP }, { backups: { afterDump } })
      await nothingDone(at, report)
      if (!/is not what pg_dump wrote/.test(stoppedOf(report))) throw new Error(stoppedOf(report))
      return `${how ?? ''}: found, ${(await finish(at, approved)) === 'again' ? 'went on later' : 'went on anew'}`
    }),
  )

/** The connection breaks at the COMMIT of any step, before or after the server took it. */
export const loseCommits = (faults: Faults): Promise<Ends> =>
  count(faults.runs, async () => {
    const { live, random } = faults
    const proxy = await startProxy(live.cluster)
    const behind = { connection: () => ({ host: '127.0.0.1', port: proxy.port, user: 'postgres' }) }
    const database = async (): ReturnType<typeof live.database> => {
      const made = await live.database()
      return { ...made, dsn: dsnOf(behind, made.name, 'sslmode=disable') }
    }
    try {
      return await inProduction({ live: { ...live, database } }, async (at) => {
        const approved = await at.approve()
        const when = random() < 0.5 ? 'before' : 'after'
        const text = pick(random, ['CREATE TABLE t2 ', 'CREATE TABLE t3 ', 'CREATE TABLE t4 ', 'COMMIT']) ?? ''
        proxy.arm({ text, when })
        const report = await at.deploy({ ...approved, backup: EXTERNAL })
        if (proxy.broken() !== 1) throw new Error(`${proxy.broken()} connections were broken`)
        await holdAgainst(report, at)
        return `${when} it was taken: told as it is, ${(await finish(at, approved)) === 'again' ? 'went on' : 'went on anew'}`
      })
    } finally {
      await proxy.close()
    }
  })
