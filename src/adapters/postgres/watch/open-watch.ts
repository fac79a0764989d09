// The Watch port on a scratch database.
import type { DatabaseError } from 'pg'
import type { Impact, RowFailure, RowSource } from '../../../impact/facts.js'
import { isAtLeast } from '../../../impact/lock-modes.js'
import type { Script } from '../../../model/migration.js'
import { NOTHING } from '../../../impact/not-watched.js'
import type { Watch, WatchedStep, WatchStep } from '../../../ports/watch.js'
import type { Session } from '../session.js'
import { namedTables } from './alone.js'
import type { KnownRows } from './facts.js'
import { countRows, readOids, readRelations, type OldRelation } from './old-relations.js'
import { MANY_STATEMENTS, runWatched, type Watched, type WatchInput, type WatchSessions } from './run-watched.js'
import { unitsOf, type ScriptStatement } from './units.js'

/** `connect` opens a session of the scratch database. */
export async function openWatch(options: {
  readonly connect: () => Promise<Session>
  readonly elapsed: () => number
}): Promise<Watch> {
  const opened: Session[] = []
  const connect = async (): Promise<Session> => {
    const session = await options.connect()
    opened.push(session)
    return session
  }
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((session) => session.close()))
  }
  try {
    const observer = await connect()
    const client = await connect()
    const holder = await connect()
    const answer = await observer.send('SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user')
    const isSuperuser = answer.at(-1)?.rows[0]?.[0] === 't'
    const { connect: open, elapsed } = options
    const database = new WatchedDatabase({ open, observer, client, holder, isSuperuser, elapsed })
    await database.remember()
    return { remember: () => database.remember(), step: (step) => database.step(step), close }
  } catch (error) {
    await close()
    throw error
  }
}

class WatchedDatabase {
  readonly #sessions: WatchSessions
  #old: ReadonlySet<string> = new Set()
  /** Tables that hold made-up rows. */
  readonly #madeUp = new Set<string>()

  constructor(sessions: WatchSessions) {
    this.#sessions = sessions
  }

  async remember(): Promise<void> {
    this.#old = await readOids(this.#sessions.observer)
  }

  async step({ up, down }: WatchStep): Promise<WatchedStep> {
    const watchedUp = await this.#watch(up)
    if (watchedUp.failed || down === undefined) return { impact: { up: watchedUp.impact }, applied: !watchedUp.failed }
    const watchedDown = await this.#watch(down)
    if (watchedDown.failed) return { impact: { up: watchedUp.impact, down: watchedDown.impact }, applied: true }
    const again = await this.#run(up, NO_ROWS)
    return { impact: { up: watchedUp.impact, down: watchedDown.impact }, applied: again.failed === undefined }
  }

  async #watch(script: Script): Promise<{ readonly impact: Impact; readonly failed: boolean }> {
    const units = unitsOf(script)
    const named = namedTables(script.messages.map(({ text }) => text).join('\n'), await this.#oldRelations())
    let rows = await this.#rowsOf(named)
    let watched: Watched
    if (units.length === 1 && units[0]?.alone === false) {
      const { rows: known } = rows
      watched = await this.#run(script, rows, {
        mayCommit: (touched) => holdingRows(touched).every(({ oid }) => known.has(oid)),
      })
    } else watched = await this.#run(script, rows, { trial: true })
    if (watched.refused || units.length !== 1 || units[0]?.alone === true) {
      const touched = watched.facts.lockedWith((mode) => isAtLeast(mode, 'ROW SHARE'))
      rows = await this.#rowsOf([...new Map([...named, ...touched].map((one) => [one.oid, one])).values()])
      watched = await this.#run(script, rows)
    }
    return { impact: this.#impactOf(script, watched, rows), failed: watched.failed !== undefined }
  }

  #run(
    script: Script,
    rows: KnownRows,
    how: { readonly trial?: boolean } & Pick<WatchInput, 'mayCommit'> = {},
  ): Promise<Watched> {
    return runWatched(script, { sessions: this.#sessions, old: this.#old, rows, trial: false, ...how })
  }

  /** Read once for all scripts: they keep their names and columns until the next one runs. */
  async #oldRelations(): Promise<readonly OldRelation[]> {
    return readRelations(this.#sessions.observer, [...this.#old])
  }

  async #rowsOf(tables: readonly OldRelation[]): Promise<KnownRows> {
    const holding = holdingRows(tables)
    const rows = await countRows(this.#sessions.observer, holding)
    const sources = new Map(
      holding.map(({ oid }): readonly [string, { source: RowSource }] => [
        oid,
        { source: this.#madeUp.has(oid) ? 'made up' : (rows.get(oid) ?? 0) > 0 ? 'migrations' : 'none' },
      ]),
    )
    return { rows, sources }
  }

  #impactOf(script: Script, watched: Watched, rows: KnownRows): Impact {
    const { facts, failed } = watched
    const count = unitsOf(script).reduce((most, { statements }) => Math.max(most, statements.length), 0)
    return {
      ...NOTHING,
      statements: watched.statements,
      relations: facts.relations(),
      holds: facts.holds(),
      rewritten: facts.rewritten,
      scanned: facts.scanned,
      built: facts.built,
      changed: facts.changed,
      refused: watched.waiting,
      order: facts.pairs(),
      ...(failed && isOfRows(failed.error) && { failsOnRows: rowFailure(failed, this.#sourceIn(rows)) }),
      notJudged: [
        ...(count > MANY_STATEMENTS ? [`a transaction of ${count} statements was looked at only at its end`] : []),
        ...(failed && !isOfRows(failed.error) ? [`the script fails (SQLSTATE ${failed.error.code ?? ''})`] : []),
      ],
      lockTimeout: watched.lockTimeout,
    }
  }

  #sourceIn({ sources }: KnownRows): RowSource {
    return [...sources.values()].some(({ source }) => source === 'made up') ? 'made up' : 'migrations'
  }
}

const HOLDS_ROWS = new Set<OldRelation['kind']>(['table', 'partitioned table', 'materialized view'])

const holdingRows = (relations: readonly OldRelation[]): readonly OldRelation[] =>
  relations.filter(({ kind }) => HOLDS_ROWS.has(kind))

const NO_ROWS: KnownRows = { rows: new Map(), sources: new Map() }

/** Classes of errors that rows cause: integrity constraints, and values that a type or an expression refuses. */
const isOfRows = ({ code }: DatabaseError): boolean => /^(?:22|23)/.test(code ?? '')

function rowFailure(
  { error, statement }: { readonly error: DatabaseError; readonly statement: ScriptStatement | undefined },
  source: RowSource,
): RowFailure {
  const { code = '', table, schema, column, constraint } = error
  const relation =
    table === undefined ? undefined : schema === undefined || schema === 'public' ? table : `${schema}.${table}`
  return {
    sqlstate: code,
    message: error.message,
    ...(relation !== undefined && { relation }),
    ...(column !== undefined && { column }),
    ...(constraint !== undefined && { constraint }),
    ...(statement && { statement: statement.number, place: statement.place }),
    source,
  }
}
