// Deploys over four databases that something happens to; afterwards the report is held against what is really there.
import { execFile } from 'node:child_process'
import type { LiveReport } from '../../src/report/run-report.js'
import type { Program } from '../entry/program.js'
import type { CrashingServer } from './crashing.js'
import { status } from './everyday.js'
import { statusRequest, type LiveServer } from './live.js'
import { BACKUP, makeProduction, pairOf, type Production } from './production.js'

const NAMES = ['core_db', 'kyc_db', 'rates_db', 'audit_db'] as const
export const EXTERNAL = { ...BACKUP, kind: 'external', id: 'snap' } as const

/** Steps in transactions, each of which takes a moment. */
const files = (): Readonly<Record<string, string>> =>
  Object.assign(
    {},
    ...NAMES.flatMap((name) => [
      pairOf(name, '00001', 'CREATE TABLE a (id int PRIMARY KEY);', 'DROP TABLE a;'),
      ...['00002', '00003', '00004'].map((version) => {
        const table = `t${Number(version)}`
        return pairOf(
          name,
          version,
          `CREATE TABLE ${table} AS SELECT generate_series(1, 3000) AS id;`,
          `DROP TABLE ${table};`,
        )
      }),
    ]),
  ) as Readonly<Record<string, string>>

/** `again`: the same command was enough; `newPlan`: another plan had to be made and approved. */
export type Survived = { readonly again: number; readonly newPlan: number }

/** Everything up to the first step is there before, and rows that must not be lost. */
export async function prepare(live: LiveServer): Promise<Production> {
  const at = await makeProduction(live, files())
  at.write({ 'migration-gate.yml': 'deploy:\n  order: [core_db, kyc_db, rates_db, audit_db]\n' })
  await at.upTo('00001')
  for (const name of NAMES) await at.databases[name]?.query('INSERT INTO a SELECT generate_series(1, 100)')
  return at
}

/** What is there, by the databases themselves. Rejects when a row is gone or a history says something else than the schema. */
export async function versionsThere(at: Production): Promise<readonly number[]> {
  return Promise.all(
    NAMES.map(async (name) => {
      const [row] =
        (await at.databases[name]?.query(
          `SELECT (SELECT version::int FROM schema_migrations) AS version, (SELECT dirty FROM schema_migrations) AS dirty,
         (SELECT count(*)::int FROM a) AS rows,
         (SELECT count(*)::int FROM pg_class WHERE relname ~ '^t[234]$' AND relkind = 'r') AS tables`,
        )) ?? []
      const { version, dirty, rows, tables } = row as Record<string, unknown>
      if (dirty !== false || rows !== 100 || Number(version) !== 1 + Number(tables)) {
        throw new Error(`${name} is not as its history says: ${JSON.stringify(row)}`)
      }
      return Number(version)
    }),
  )
}

/** Every applied step is there, every other one is not, but where the report itself says unknown. */
export async function holdAgainst(report: LiveReport, at: Production): Promise<void> {
  const there = await versionsThere(at)
  for (const [i, name] of NAMES.entries()) {
    const target = report.targets.find((one) => one.name === name)
    for (const { version, outcome } of target?.steps ?? []) {
      const isThere = Number(version) <= (there[i] ?? 0)
      if (outcome !== 'unknown' && (outcome === 'applied') !== isThere) {
        throw new Error(`${name} ${version} is ${isThere ? '' : 'not '}there, and told as ${outcome}`)
      }
    }
  }
}

type Approved = { readonly digest: string; readonly plan: string }

/** As a user would: the same command again, then a new plan. */
export async function finish(at: Production, approved: Approved): Promise<'again' | 'newPlan'> {
  const again = await at.deploy({ ...approved, backup: EXTERNAL })
  const way = again.verdict === 'pass' ? 'again' : 'newPlan'
  if (way === 'newPlan') {
    const planned = await at.deploy({ backup: EXTERNAL })
    if (planned.verdict !== 'pass')
      throw new Error(
        `it does not go on: ${JSON.stringify(planned.targets.map(({ stopped, steps }) => ({ stopped, steps })))}`,
      )
  }
  if ((await versionsThere(at)).some((version) => version !== 4)) throw new Error('not all is applied')
  return way
}

async function many(runs: number, one: () => Promise<'again' | 'newPlan'>): Promise<Survived> {
  const counts = { again: 0, newPlan: 0 }
  for (let run = 0; run < runs; run++) counts[await one()]++
  return counts
}

export type Faults = { readonly live: LiveServer; readonly runs: number; readonly random: () => number }

/** Our own process, killed at any moment: while it plans, backs up, applies or verifies. */
export const killDeploys = ({
  live,
  runs,
  random,
  program,
}: Faults & { readonly program: Program }): Promise<Survived> =>
  many(runs, async () => {
    const at = await prepare(live)
    try {
      const approved = await at.approve()
      await program.run({
        entry: 'cli',
        cwd: at.folder.path,
        environment: at.dsns,
        words: ['deploy', '--environment', 'production', '--digest', approved.digest, '--plan', approved.plan],
        started: (kill) => void setTimeout(() => kill('SIGKILL'), 300 + random() * 1_500),
      })
      await gone(at)
      return await finish(at, approved)
    } finally {
      at.folder.remove()
    }
  })

/** The sessions of a killed process end by themselves; until then they hold the locks. */
async function gone(at: Production): Promise<void> {
  for (const name of NAMES) {
    await at.databases[name]?.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg-migration-gate' AND datname = current_database()`,
    )
  }
}

/** `hit` is called at a random moment of the run, and is over before the test looks at what is left. */
const hitting = ({ live, runs, random }: Faults, hit: (at: Production) => Promise<unknown>): Promise<Survived> =>
  many(runs, async () => {
    const at = await prepare(live)
    try {
      const approved = await at.approve()
      let hits: Promise<unknown> = Promise.resolve()
      const timer = setTimeout(() => void (hits = hit(at).catch(() => undefined)), random() * 500)
      const running = at.deploy({ ...approved, backup: EXTERNAL, lockMs: 1_000 })
      const report = await running.finally(() => clearTimeout(timer))
      await hits
      await afterCrash(at)
      await holdAgainst(report, at)
      return await finish(at, approved)
    } finally {
      at.folder.remove()
    }
  })

/** All connections of ours are cut. */
export const cutDeploys = (faults: Faults): Promise<Survived> => hitting(faults, (at) => gone(at))

/** A backend dies by SIGKILL, after which the server ends all sessions and recovers from its log. Scratch databases are elsewhere. */
export const crashDeploys = (faults: Faults & { readonly crashing: CrashingServer }): Promise<Survived> =>
  hitting({ ...faults, live: { ...faults.live, database: faults.crashing.database } }, async (at) => {
    const [row] =
      (await at.databases['rates_db']?.query(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'pg-migration-gate' AND datname = current_database() LIMIT 1`,
      )) ?? []
    if (row !== undefined) execFile('kill', ['-KILL', String(row['pid'])])
  })

/** Until the server takes connections again. A session that opens before the server sees the crash ends with it. */
async function afterCrash(at: Production): Promise<void> {
  let stopped: readonly string[] = []
  for (let attempt = 0; attempt < 3; attempt++) {
    const { targets } = await status(statusRequest({ waitMs: 20_000 }), at.world())
    const gone = targets.filter(({ standing }) => standing === undefined)
    if (gone.length === 0) return
    stopped = gone.map(({ name, stopped: why }) => `${name}: ${why?.what ?? 'no status'}`)
  }
  throw new Error(`the server did not come back: ${stopped.join('; ')}`)
}
