// `up` killed at random moments, then run again until the database is where it should be.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createFiles } from '../../src/adapters/host/files.js'
import type { LiveReport } from '../../src/report/run-report.js'
import type { Program } from '../entry/program.js'
import type { LiveDatabase, LiveServer } from './live.js'

/** `clean`: the next runs of `up` were enough; `repaired`: a step without a transaction asked for a look and a command. */
export type Killed = { readonly clean: number; readonly repaired: number }

const STEPS = 10

/** Every third step is an index built without a transaction. */
function chain(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {}
  for (let i = 1; i <= STEPS; i++) {
    const name = `migrations/app/${String(i).padStart(5, '0')}_m`
    const concurrent = i % 3 === 0
    files[`${name}.up.sql`] = concurrent
      ? `CREATE INDEX CONCURRENTLY i${i} ON t${i - 1} (id);\n`
      : `CREATE TABLE t${i} AS SELECT generate_series(1, 20000) AS id;\n`
    files[`${name}.down.sql`] = concurrent ? `DROP INDEX CONCURRENTLY i${i};\n` : `DROP TABLE t${i};\n`
  }
  return files
}

const EXPECTED = Array.from({ length: STEPS }, (_, i) => ((i + 1) % 3 === 0 ? `i${i + 1}` : `t${i + 1}`)).sort()

/** Rejects when a run ends in a wrong schema or history, or never ends. `random` gives numbers from 0 to 1. */
export async function killUps(options: {
  readonly program: Program
  readonly live: LiveServer
  readonly runs: number
  readonly random: () => number
}): Promise<Killed> {
  const folder = mkdtempSync(path.join(tmpdir(), 'killed-'))
  const files = createFiles(folder)
  for (const [name, text] of Object.entries(chain())) await files.write(name, text)
  let repaired = 0
  try {
    const longest = await timeOfOne({ ...options, folder })
    for (let run = 0; run < options.runs; run++) {
      const database = await options.live.database()
      await runOnce({ ...options, folder, database, killAfter: options.random() * longest })
      if (await goOn({ ...options, folder, database })) repaired++
      await compare(database)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { clean: options.runs - repaired, repaired }
}

type Run = {
  readonly program: Program
  readonly folder: string
  readonly database: LiveDatabase
  readonly killAfter?: number
}

async function runOnce({ program, folder, database, killAfter }: Run): Promise<LiveReport | undefined> {
  const { out } = await program.run({
    entry: 'cli',
    words: ['up', '--format', 'json', '--lock-timeout', '2s'],
    cwd: folder,
    environment: { APP_DSN: database.dsn },
    ...(killAfter !== undefined && { started: (kill) => void setTimeout(() => kill('SIGKILL'), killAfter) }),
  })
  return out === '' ? undefined : (JSON.parse(out) as LiveReport)
}

async function timeOfOne(options: { program: Program; live: LiveServer; folder: string }): Promise<number> {
  const start = performance.now()
  const database = await options.live.database()
  await runOnce({ ...options, database })
  await compare(database)
  return performance.now() - start
}

/** As a user would who follows the messages; true when more than `up` was needed. */
async function goOn(run: Run): Promise<boolean> {
  let looked = false
  for (let turn = 0; turn < 10; turn++) {
    const report = await runOnce(run)
    if (report?.verdict === 'pass') return looked
    const [target] = report?.targets ?? []
    const fix = target?.stopped?.fix ?? target?.steps.find((step) => step.fix !== undefined)?.fix ?? ''
    const dirty = target?.standing?.dirty
    if (dirty === undefined) continue
    looked = true
    const index = `i${Number(dirty.slice(0, 5))}`
    const [there] = await run.database.query(
      `SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('public.${index}')`,
    )
    if (there?.['indisvalid'] === false) await run.database.query(`DROP INDEX ${index}`)
    const [, whole, none] =
      /all of it is applied: `pg-migration-gate ([^`]*)`.* none of it is applied: `pg-migration-gate ([^`]*)`/.exec(
        fix,
      ) ?? []
    const words = (there?.['indisvalid'] === true ? whole : none)?.split(' ')
    if (words === undefined) throw new Error(`no command to repair it: ${JSON.stringify(report)}`)
    const ended = await run.program.run({
      entry: 'cli',
      words,
      cwd: run.folder,
      environment: { APP_DSN: run.database.dsn },
    })
    if (ended.code !== 0) throw new Error(`the repair failed: ${words.join(' ')}\n${ended.out}${ended.err}`)
  }
  throw new Error('up never came to its end')
}

async function compare(database: LiveDatabase): Promise<void> {
  const objects = await database.query(
    `SELECT c.relname FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
     WHERE c.relname ~ '^[it]\\d+$' AND coalesce(i.indisvalid, true) ORDER BY 1`,
  )
  const names = objects.map(({ relname }) => relname).sort()
  const history = await database.query('SELECT version, dirty FROM schema_migrations')
  const found = JSON.stringify([names, history])
  const expected = JSON.stringify([EXPECTED, [{ version: String(STEPS), dirty: false }]])
  if (found !== expected) throw new Error(`the database is not as it should be: ${found}`)
}
