// Runs one script as its tool would, statement by statement, and collects what it does to the relations that were there before.
import type { DatabaseError } from 'pg'
import type { WatchedStatement } from '../../../impact/facts.js'
import { isAtLeast, type LockMode } from '../../../impact/lock-modes.js'
import type { Script } from '../../../model/migration.js'
import { headOf } from '../../../sql/statements.js'
import { isDatabaseError, type Session } from '../session.js'
import { runAlone, namedRelations } from './alone.js'
import { readView } from './counters.js'
import { FactCollector, type KnownRows } from './facts.js'
import { insertWaits, readInsertNeeds } from './insert-needs.js'
import { knock, prepareKnocks, type Knock } from './knock.js'
import {
  distinct,
  HOLDS_ROWS,
  isTable,
  readLocks,
  readRelated,
  readRelations,
  type OldRelation,
} from './old-relations.js'
import { unitsOf, type ScriptStatement, type Unit } from './units.js'

/** The sessions of a watch. `open` gives a new one for a script, whose counters begin at zero. */
export type WatchSessions = {
  readonly open: () => Promise<Session>
  readonly observer: Session
  readonly client: Session
  readonly holders: readonly [Session, Session]
  readonly isSuperuser: boolean
  readonly elapsed: () => number
}

/** `failed`: the error of the server, and its statement; `atEnd`: the last one, where what it failed for was deferred. */
export type Watched = {
  readonly facts: FactCollector
  readonly statements: readonly WatchedStatement[]
  readonly waiting: readonly string[]
  readonly lockTimeout: boolean
  /** It was rolled back, as `mayCommit` said. */
  readonly refused: boolean
  readonly failed:
    | { readonly error: DatabaseError; readonly statement: ScriptStatement | undefined; readonly atEnd?: true }
    | undefined
}

/** With more statements, a transaction is looked at only at its end. */
export const MANY_STATEMENTS = 300

/** With so many relations, indexes included, the clients of all tables are tried. */
const FEW_RELATIONS = 60

/**
 * `old`: the OIDs of old relations. `trial`: all transactions run as one, which is rolled back, without the statements that no
 * transaction takes. `first` runs at the beginning of a trial. `mayCommit` is asked before the COMMIT of a script that is one
 * transaction; where it refuses, the script is rolled back.
 */
export type WatchInput = {
  readonly sessions: WatchSessions
  readonly old: ReadonlySet<string>
  readonly rows: KnownRows
  readonly trial: boolean
  /** Runs the script and looks at nothing. */
  readonly blind?: true
  readonly first?: (session: Session) => Promise<void>
  readonly mayCommit?: (touched: readonly OldRelation[]) => boolean
}

export async function runWatched(script: Script, input: WatchInput): Promise<Watched> {
  const mover = await input.sessions.open()
  try {
    return await new Watch(mover, input).run(script)
  } finally {
    await mover.close()
  }
}

class Watch {
  readonly #mover: Session
  readonly #input: WatchInput
  readonly #facts: FactCollector
  readonly #statements: WatchedStatement[] = []
  readonly #waitingClients = new Set<string>()
  #isRefused = false
  /** Those that were prepared before the script. */
  #knocks: ReadonlyMap<string, readonly Knock[]> = new Map()
  #lockTimeout: boolean | undefined
  #pid = ''
  #transaction: number | undefined

  constructor(mover: Session, input: WatchInput) {
    this.#mover = mover
    this.#input = input
    this.#facts = new FactCollector(input.rows)
  }

  async run(script: Script): Promise<Watched> {
    const units = unitsOf(script)
    this.#pid = String((await this.#mover.send('SELECT pg_catalog.pg_backend_pid()')).at(-1)?.rows[0]?.[0])
    if (!this.#input.trial && !this.#input.blind) await this.#warmUp()
    const failed = this.#input.trial ? await this.#try(units) : await this.#runAll(units)
    return {
      facts: this.#facts,
      statements: this.#statements,
      waiting: [...this.#waitingClients],
      refused: this.#isRefused,
      lockTimeout: this.#lockTimeout ?? false,
      failed,
    }
  }

  /** A client that has used its tables before waits for less: it knows their partitions and keys. */
  async #warmUp(): Promise<void> {
    const { client, observer, isSuperuser } = this.#input.sessions
    const named = await readRelations(observer, [...this.#input.rows.rows.keys()])
    const tables = await this.#clientsOf(named.filter(({ kind }) => HOLDS_ROWS.has(kind)))
    this.#knocks = await prepareKnocks(observer, tables, 'read')
    await knock(client, [...this.#knocks.values()].flat(), isSuperuser)
  }

  async #runAll(units: readonly Unit[]): Promise<Watched['failed']> {
    for (const [index, unit] of units.entries()) {
      this.#transaction = units.length > 1 ? index + 1 : undefined
      const failed = await (unit.alone ? this.#runAlone(unit) : this.#runUnit(unit, units))
      if (failed !== undefined) return failed
    }
    return undefined
  }

  /** All transactions of the script as one, which is rolled back. */
  async #try(units: readonly Unit[]): Promise<Watched['failed']> {
    const statements = units.flatMap((unit) => (unit.alone ? [] : unit.statements))
    await this.#mover.send('BEGIN')
    await this.#input.first?.(this.#mover)
    try {
      for (const one of statements) {
        const failed = await this.#send(one)
        if (failed !== undefined) {
          await this.#locks(one)
          return failed
        }
      }
      const last = statements.at(-1)
      const deferred = await this.#endConstraints(last)
      if (last !== undefined) await this.#look(last)
      return deferred
    } finally {
      await this.#mover.send('ROLLBACK')
    }
  }

  async #runUnit(unit: Unit, units: readonly Unit[]): Promise<Watched['failed']> {
    const { statements, ends } = unit
    const last = statements.at(-1)
    await this.#mover.send('BEGIN')
    for (const one of statements) {
      const failed = await this.#send(one)
      if (failed !== undefined) {
        await this.#locks(one)
        await this.#mover.send('ROLLBACK')
        return failed
      }
      if (this.#input.blind) continue
      if (one === last || (statements.length <= MANY_STATEMENTS && !isIdle(one))) await this.#look(one)
    }
    if (ends !== 'commit' || last === undefined) {
      await this.#mover.send('ROLLBACK')
      return undefined
    }
    const failed = await this.#endConstraints(last)
    const touched = this.#facts.lockedWith((mode) => isAtLeast(mode, 'ROW SHARE'))
    this.#isRefused = failed === undefined && units.length === 1 && this.#input.mayCommit?.(touched) === false
    if (failed !== undefined || this.#isRefused) {
      await this.#mover.send('ROLLBACK')
      return failed
    }
    if (!this.#input.blind) await this.#knock(last)
    await this.#mover.send('COMMIT')
    this.#facts.ended(last.number, units.at(-1) === unit)
    return undefined
  }

  /** Deferred constraints are checked where COMMIT would. */
  async #endConstraints(last: ScriptStatement | undefined): Promise<Watched['failed']> {
    try {
      await this.#mover.send('SET CONSTRAINTS ALL IMMEDIATE')
      return undefined
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      return { error, statement: last, atEnd: true }
    }
  }

  async #send(one: ScriptStatement): Promise<Watched['failed']> {
    const started = this.#input.sessions.elapsed()
    try {
      await this.#mover.send(one.text)
      return undefined
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      return { error, statement: one }
    } finally {
      this.#note(one, started)
    }
  }

  #note(one: ScriptStatement, started: number): void {
    const milliseconds = this.#input.sessions.elapsed() - started
    const transaction = this.#transaction
    this.#statements.push({
      number: one.number,
      ...(transaction !== undefined && { transaction }),
      place: one.place,
      head: headOf(one.text),
      milliseconds,
    })
  }

  async #locks({ number }: ScriptStatement): Promise<ReadonlyMap<string, LockMode>> {
    const locks = await readLocks(this.#input.sessions.observer, this.#pid)
    await this.#learn([...locks.modes.keys()])
    this.#facts.locked(locks, number)
    return locks.modes
  }

  async #learn(oids: readonly string[]): Promise<void> {
    const unknown = oids.filter((oid) => this.#input.old.has(oid) && !this.#facts.knows(oid))
    if (unknown.length === 0) return
    this.#facts.know(await readRelations(this.#input.sessions.observer, unknown), (oid) => this.#input.old.has(oid))
  }

  async #look(one: ScriptStatement): Promise<void> {
    const locks = await this.#locks(one)
    if (this.#lockTimeout === undefined && [...locks].some(([oid, mode]) => this.#isStrong(oid, mode)))
      this.#lockTimeout = await this.#hasLockTimeout()
    const seen = [...locks.keys()].filter((oid) => this.#facts.knows(oid))
    this.#facts.worked(await readView(this.#mover, seen), locks, one.number, true)
  }

  #isStrong(oid: string, mode: LockMode): boolean {
    return this.#facts.knows(oid) && isAtLeast(mode, 'SHARE')
  }

  async #hasLockTimeout(): Promise<boolean> {
    const answer = await this.#mover.send(LOCK_TIMEOUT)
    return answer.at(-1)?.rows[0]?.[0] === 't'
  }

  /** Clients try their statements while the transaction is still open. */
  async #knock(last: ScriptStatement): Promise<void> {
    const { client, observer } = this.#input.sessions
    const locks = await this.#locks(last)
    const touched = this.#facts.tablesOf(
      [...locks].flatMap(([oid, mode]) => (isAtLeast(mode, 'ROW SHARE') ? [oid] : [])),
    )
    if (touched.length === 0) return
    for (const waiting of await this.#waiting(touched, { client, observer, locks })) this.#waitingClients.add(waiting)
  }

  async #waiting(
    touched: readonly OldRelation[],
    {
      client,
      observer,
      locks,
    }: { readonly client: Session; readonly observer: Session; readonly locks: ReadonlyMap<string, LockMode> },
  ): Promise<readonly string[]> {
    const changed = new Set(this.#facts.changed.map(({ relation }) => relation))
    const clients = await this.#clientsOf(touched)
    const late = clients.filter(({ oid }) => !this.#knocks.has(oid))
    const prepared = new Map([...this.#knocks, ...(await prepareKnocks(observer, late, 'left'))])
    // A row may be equal to one that the script has written, and wait for that.
    const knocks = clients.flatMap(({ oid, relation }) =>
      (prepared.get(oid) ?? []).filter(({ whole }) => !whole || !changed.has(relation)),
    )
    const waiting = await knock(client, knocks, this.#input.sessions.isSuperuser)
    const tables = touched.filter(isTable)
    const needs = await readInsertNeeds(
      observer,
      tables.map(({ oid }) => oid),
    )
    const inserts = tables
      .filter(({ oid }) => insertWaits(oid, needs, locks))
      .map(({ relation }) => `insert ${relation}`)
    const rows = this.#facts.changed.flatMap((one) =>
      one.rows > 0 && (one.updated + one.deleted) * 2 >= one.rows ? [`update ${one.relation}`] : [],
    )
    return [...waiting, ...inserts, ...rows]
  }

  /** The relations whose clients may wait: in a small database all, else those that are touched, and those that keys and parts join with them. */
  async #clientsOf(touched: readonly OldRelation[]): Promise<readonly OldRelation[]> {
    const { observer } = this.#input.sessions
    const all = [...this.#input.old]
    const related =
      all.length <= FEW_RELATIONS
        ? all
        : await readRelated(
            observer,
            touched.map(({ oid }) => oid),
          )
    const others = (await readRelations(observer, related)).filter(
      (one) => this.#input.old.has(one.oid) && isTable(one),
    )
    return distinct([...touched, ...others])
  }

  async #runAlone({ statements }: Unit): Promise<Watched['failed']> {
    const [one] = statements
    if (one === undefined || this.#input.blind) return one && this.#send(one)
    const { observer, holders, client } = this.#input.sessions
    const all = await readRelations(observer, [...this.#input.old])
    const tables = namedRelations(one.text, all)
    const touched = all.filter(({ oid, table }) => tables.some((named) => named.oid === oid || named.oid === table))
    this.#facts.know(touched, (oid) => this.#input.old.has(oid))
    const started = this.#input.sessions.elapsed()
    const { locks, error } = await runAlone({
      text: one.text,
      mover: this.#mover,
      pid: this.#pid,
      observer,
      holders,
      tables,
      waiting: async (modes) => {
        for (const waiting of await this.#waiting(tables, { client, observer, locks: modes }))
          this.#waitingClients.add(waiting)
      },
    })
    this.#note(one, started)
    if (error !== undefined && !isDatabaseError(error)) throw error
    const { modes } = locks
    await this.#learn([...modes.keys()])
    this.#facts.locked(locks, one.number)
    if (WEAKLY_LOCKED.test(one.text)) {
      const unseen = tables.filter(({ oid, kind }) => HOLDS_ROWS.has(kind) && !modes.has(oid))
      const known = new Map([...modes, ...unseen.map(({ oid }) => [oid, WEAK] as const)])
      this.#facts.locked({ ...locks, modes: known }, one.number, 'known')
    }
    const seen = [...new Set([...modes.keys(), ...tables.map(({ oid }) => oid)])].filter((oid) =>
      this.#facts.knows(oid),
    )
    this.#facts.worked(await readView(this.#mover, seen), modes, one.number, false)
    this.#facts.locked({ modes: new Map(), written: new Set() }, one.number)
    return error === undefined ? undefined : { error, statement: one }
  }
}

/** PostgreSQL, "Explicit Locking": what these take on their tables, though too short for a look where nothing makes them wait. */
const WEAKLY_LOCKED = /\bconcurrently\b|^\s*vacuum(?!.*\bfull\b)/is
const WEAK = 'SHARE UPDATE EXCLUSIVE'

/** Whether the script has set one: that of our own session comes from the client. */
const LOCK_TIMEOUT = `SELECT setting <> '0' AND source = 'session' FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'`

/** Statements that touch nothing. */
const isIdle = ({ statement: { words } }: ScriptStatement): boolean =>
  ['SET', 'RESET', 'SHOW', 'SAVEPOINT', 'RELEASE'].includes(words[0] ?? '') && words[1] !== 'CONSTRAINTS'
