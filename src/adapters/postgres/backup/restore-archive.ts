// Restores an archive into an empty database, with what pg_restore alone lacks: names that need a search_path are found,
// and tables that are read while others are loaded come first.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { UserError } from '../../../model/errors.js'
import { firstFew } from '../../../model/list-words.js'
import { whyWithRepair } from '../../../release/dump-obstacles.js'
import { identifier } from '../../../sql/quote.js'
import { isDatabaseError } from '../session.js'
import { lastRows, type Link } from '../live/connection.js'
import { loadOrder } from '../restorability/load-order.js'
import { obstaclesFrom, readFacts } from '../restorability/obstacles.js'
import { afterEachRoutines, holdsRoutines, isRowsOf, phasesOf } from './archive-phases.js'
import type { Clients } from './clients.js'
import { readProgram, runProgram, type Connection } from './program.js'
import type { BackupTools } from './tools.js'

/**
 * `args` are options of pg_restore for all parts. `open` connects to the new database, `again` makes it empty again.
 * `path` are the schemas in which a session on the live database searches.
 */
export type ArchiveRestore = {
  readonly archive: string
  readonly clients: Clients
  readonly machine: BackupTools['machine']
  readonly signal: AbortSignal
  readonly connection: Connection
  readonly what: string
  readonly fix?: string
  readonly args: readonly string[]
  readonly jobs: number
  readonly open: () => Promise<Link>
  readonly again: () => Promise<void>
  readonly path: readonly string[]
}

/**
 * pg_restore works with an empty search_path. Routines that leave names to the search_path get that of the live database
 * until everything is restored. Rejects with a UserError.
 */
export async function restoreArchive(restore: ArchiveRestore): Promise<void> {
  const { archive, connection, machine } = restore
  const list = (section: string): Promise<string> =>
    readProgram({
      ...restore,
      name: 'pg_restore',
      connection: {},
      args: ['--list', `--section=${section}`, '--', archive],
    })
  const preData = await list('pre-data')
  const database = `--dbname=${connection['PGDATABASE'] ?? ''}`
  const run = (args: readonly string[]): Promise<void> =>
    runProgram({
      ...restore,
      name: 'pg_restore',
      args: [...restore.args, '--exit-on-error', database, ...args, '--', archive],
    })
  if (!holdsRoutines(preData)) return run([`--jobs=${restore.jobs}`])
  const phases = phasesOf({ preData, data: await list('data'), postData: await list('post-data') })
  const folder = await mkdtemp(path.join(machine.environment['RUNNER_TEMP'] ?? tmpdir(), 'pg-migration-gate-'))
  const listed = async (lines: readonly string[], jobs = 1): Promise<void> => {
    const file = path.join(folder, 'list')
    await writeFile(file, `${lines.join('\n')}\n`)
    await run([`--use-list=${file}`, `--jobs=${jobs}`])
  }
  let link: Link | undefined
  try {
    const eased = await restoreBefore(phases.before)
    link = await restore.open()
    eased.push(...(await giveSearchPath(link, restore.path)))
    const order = await loadOrder(link, restore.path)
    const late = new Set(order.flat())
    const first = phases.rows.filter((line) => !isRowsOf(line, late))
    const waiting = order.map((tables) => phases.rows.filter((line) => isRowsOf(line, new Set(tables))))
    try {
      // Where nothing waits for anything, rows and indexes of different tables are restored at the same time.
      if (waiting.length === 0) await listed([...first, ...phases.after], restore.jobs)
      else for (const lines of [first, ...waiting, phases.after]) await listed(lines, restore.jobs)
    } catch (error) {
      throw await explained(error, link, restore.path)
    }
    await dropSearchPath(link, eased)
  } finally {
    await link?.close()
    await rm(folder, { recursive: true, force: true })
  }

  /** Gives the routines that got a search_path. */
  async function restoreBefore(lines: readonly string[]): Promise<string[]> {
    try {
      await listed(lines)
      return []
    } catch (error) {
      if (!(error instanceof UserError) || error.kind === 'cancelled') throw error
      // A generated column or a partition key may already need such a routine when its table is made.
      await restore.again()
      return await restoreInParts(lines).catch((later: unknown) => {
        throw later instanceof UserError && later.kind === 'cancelled' ? later : error
      })
    }
  }

  async function restoreInParts(lines: readonly string[]): Promise<string[]> {
    const eased: string[] = []
    for (const part of afterEachRoutines(lines)) {
      await listed(part)
      const link = await restore.open()
      try {
        eased.push(...(await giveSearchPath(link, restore.path)))
      } finally {
        await link.close()
      }
    }
    return eased
  }
}

/** Adds what is known to be in the way, and is not worked around: a table that is read while it is loaded itself. */
async function explained(error: unknown, link: Link, schemas: readonly string[]): Promise<unknown> {
  if (!(error instanceof UserError) || error.kind === 'cancelled') return error
  try {
    const { dependences, lost, ...facts } = await readFacts(link, schemas, 'all')
    const found = await obstaclesFrom(
      {
        ...facts,
        doubts: [],
        lost: lost.filter((one) => one.schemas === undefined),
        dependences: dependences.filter(({ table, source }) => table.oid === source.oid),
      },
      { why: '' },
    )
    if (found.length === 0) return error
    const known = firstFew(found.map(whyWithRepair), '; ')
    const fix = `${error.fix} This may be the cause: ${known}. docs/restore.md says how to restore this archive by hand.`
    return new UserError({ kind: error.kind, what: error.message, fix, cause: error })
  } catch {
    return error
  }
}

/**
 * Sets it on every routine in a language with a text that has none of its own: the schemas, and its own. Leaves out what
 * this role may not alter. Gives the words that name them: `FUNCTION public.f(text)`.
 */
async function giveSearchPath(link: Link, schemas: readonly string[]): Promise<string[]> {
  const bare = lastRows(await link.send(BARE)).map(([words, own]) => ({ words: words ?? '', own: own ?? '' }))
  const statements = bare.map(({ words, own }) => {
    const path = [...new Set([...schemas, own])].map(identifier)
    return `ALTER ${words} SET search_path = ${path.join(', ')}`
  })
  const done = await sendEach(link, statements)
  return bare.flatMap(({ words }, at) => (done[at] ? [words] : []))
}

async function dropSearchPath(link: Link, named: readonly string[]): Promise<void> {
  await sendEach(
    link,
    named.map((words) => `ALTER ${words} RESET search_path`),
  )
}

/** Event triggers of the archive do not run for it, where the role may set that. Gives which statements were done. */
async function sendEach(link: Link, statements: readonly string[]): Promise<readonly boolean[]> {
  if (statements.length === 0) return []
  await link.send('SET session_replication_role = replica').catch(unlessRefused)
  const whole = await link.send(statements.join('; ')).then(() => undefined, unlessRefused)
  if (whole === undefined) return statements.map(() => true)
  const done: boolean[] = []
  for (const one of statements) done.push((await link.send(one).then(() => undefined, unlessRefused)) === undefined)
  return done
}

/** The refusal of the server. Throws anything else. */
function unlessRefused(error: unknown): unknown {
  if (!isDatabaseError(error)) throw error
  return error
}

const BARE = `SELECT format('%s %s', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.oid::pg_catalog.regprocedure), n.nspname
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND l.lanname NOT IN ('internal', 'c')
    AND p.prokind IN ('f', 'p', 'w') AND p.prosqlbody IS NULL
    AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS c WHERE c LIKE 'search\\_path=%')`
