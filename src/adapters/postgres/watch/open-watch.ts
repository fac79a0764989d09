// The Watch port on a scratch database.
import type { Impact, Left, RowFailure } from '../../../impact/facts.js'
import { isAtLeast } from '../../../impact/lock-modes.js'
import type { Direction, Script } from '../../../model/migration.js'
import { NOTHING, notWatched } from '../../../impact/not-watched.js'
import type { Watch, WatchedStep, WatchSettings, WatchStep } from '../../../ports/watch.js'
import { isDatabaseError, type Session } from '../session.js'
import { namedRelations } from './alone.js'
import { carryRows, writesRows, type Carried } from './carried-rows.js'
import { joined, type KnownRows } from './facts.js'
import { withSchema } from '../../../impact/relation-name.js'
import { MadeUpRows } from './made-up-rows.js'
import {
  compareClients,
  compareLosses,
  rememberClients,
  type ClientFacts,
  type ClientMemory,
} from '../clients/clients.js'
import { searchedKeys } from '../clients/left.js'
import { invalidIndexesNamed, relationsNamedIn } from './side-effects.js'
import {
  countRows,
  distinct,
  HOLDS_ROWS,
  holdDataSet,
  isTable,
  readOids,
  readRelations,
  type OldRelation,
} from './old-relations.js'
import { runWatched, type Watched, type WatchInput, type WatchSessions } from './run-watched.js'
import { isOfRows, needsOf } from '../../../impact/failing-rows.js'
import { notJudged } from './not-judged.js'
import { refusedRows } from './refused-rows.js'
import { inStateBefore, type RefusedRows } from './refused-statement.js'
import { isOfCast, refusalOf, rowFailure } from './row-failure.js'
import { togetherOf } from '../scratch/together.js'
import { unitsOf } from './units.js'

/** `connect` opens a session of the scratch database. */
export async function openWatch(options: {
  readonly connect: () => Promise<Session>
  readonly elapsed: () => number
  readonly settings?: WatchSettings
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
    const holders = [await connect(), await connect()] as const
    const answer = await observer.send('SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user')
    const isSuperuser = answer.at(-1)?.rows[0]?.[0] === 't'
    const { connect: open, elapsed, settings } = options
    const database = new WatchedDatabase({ open, observer, client, holders, isSuperuser, elapsed }, settings)
    await database.remember()
    return {
      remember: () => database.remember(),
      carry: (scripts) => database.carry(scripts),
      step: (step) => carefully(() => database.step(step)),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Text that a script may cast, in the order in which it is tried. */
const FORMS = ['integer', 'json', 'uuid', 'timestamp', 'boolean'] as const

/** A refusal of the server that is none of the script is no fault of the migration either. */
async function carefully(body: () => Promise<WatchedStep>): Promise<WatchedStep> {
  try {
    return await body()
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    const why = `the scratch server refuses to show it: ${error.message} (SQLSTATE ${error.code ?? ''})`
    return { impact: { up: notWatched(why) }, applied: false }
  }
}

class WatchedDatabase {
  readonly #sessions: WatchSessions
  readonly #rows: MadeUpRows
  #old: ReadonlySet<string> = new Set()
  #hasDataSet = false
  #carried: Carried = new Map()

  constructor(sessions: WatchSessions, settings?: WatchSettings) {
    this.#sessions = sessions
    this.#rows = new MadeUpRows(sessions.observer, sessions.isSuperuser, settings)
  }

  async remember(): Promise<void> {
    this.#old = await readOids(this.#sessions.observer)
    const real = [...this.#old].filter((oid) => !this.#rows.isFilled(oid))
    this.#hasDataSet ||= await holdDataSet(this.#sessions.observer, real)
  }

  async carry(scripts: readonly Script[]): Promise<void> {
    if (!this.#rows.triesAwkward() || !writesRows(scripts)) return
    const { observer, open } = this.#sessions
    const named = namedRelations(scripts.map(textOf).join('\n'), await readRelations(observer, [...this.#old]))
    const counts = await countRows(observer, named.filter(isTable))
    const session = await open()
    try {
      const tables = named.filter(({ oid }) => counts.get(oid) === 0)
      if (tables.length > 0) this.#carried = await carryRows(session, { tables, scripts })
    } finally {
      await session.close()
    }
  }

  async step(step: WatchStep): Promise<WatchedStep> {
    const { impact, applied } = await this.#step(step)
    return { impact: { ...impact, ...(this.#hasDataSet && { dataSet: true }) }, applied }
  }

  async #step({ up, down, upFails, downFails, last }: WatchStep): Promise<WatchedStep> {
    const before = await this.#watch(up, { fails: upFails, direction: 'up' })
    // What remains of one that fails half way is not known.
    if (before.failed || down === undefined || (downFails && unitsOf(down).length !== 1))
      return { impact: { up: before.impact }, applied: !before.failed || before.ran }
    const back = await this.#watch(down, { fails: downFails, direction: 'down' })
    const lost = before.memory && !back.failed ? (await compareLosses(this.#sessions.client, before.memory)).lost : []
    const impact = { up: before.impact, down: { ...back.impact, ...(lost.length > 0 && { notRestored: lost }) } }
    if (back.failed || last) return { impact, applied: !back.partly }
    return { impact, applied: await this.#again(up) }
  }

  /** What the down left of made-up rows may be in the way of the second up. */
  async #again(up: Script): Promise<boolean> {
    const run = async (): Promise<boolean> =>
      (await runWatched(up, { ...this.#input(NO_ROWS), blind: true })).failed === undefined
    if (await run()) return true
    if (unitsOf(up).length !== 1) return false
    await this.#rows.remove()
    return run()
  }

  /** `fails`: it failed in the proof. What clients can do after a down is what they could do before the up, if it is right. */
  async #watch(script: Script, known: { readonly fails: boolean; readonly direction: Direction }): Promise<OneWatched> {
    const isOneTransaction = unitsOf(script).length === 1
    const named = namedRelations(textOf(script), await readRelations(this.#sessions.observer, [...this.#old]))
    const used = await relationsNamedIn(this.#sessions.observer, textOf(script))
    const first = distinct([...named, ...(await this.#oldOnes(used))])
    // One transaction shows which others it touches, and is then run again.
    let tables = isOneTransaction ? first : await this.#withReferencing(first)
    let rows = await this.#rows.fill(tables)
    const carried = this.#carried.get(script)
    const needy = (await this.#awkward(script, tables)) ?? (carried === 'held' ? undefined : carried)
    let memory = await this.#remember(tables, known.direction)
    const hasRows = (touched: readonly OldRelation[]): boolean =>
      holdingRows(touched).every(({ oid }) => rows.rows.has(oid))
    let watched = await this.#run(script, rows, hasRows)
    if (watched.refused) {
      tables = distinct([...tables, ...watched.facts.lockedWith((mode) => isAtLeast(mode, 'ROW SHARE'))])
      rows = await this.#rows.fill(tables)
      memory = await this.#remember(tables, known.direction)
      watched = await this.#run(script, rows)
    }
    const ended = { failed: false, ran: true, partly: false }
    if (watched.failed === undefined) {
      const asLeft = carried === undefined ? this.#rows.asLeft(tables) : []
      this.#rows.left(watched.facts.written)
      const clients = await this.#compare(memory)
      const parts = { failure: needy, clients, memory, asLeft }
      return { ...ended, impact: await this.#impactOf(script, watched, parts), memory }
    }
    const failed = { ...watched.failed, isMadeUp: this.#rows.has(tables) && !known.fails }
    if (isOfCast(failed.error) && failed.isMadeUp && isOneTransaction) {
      const other = await this.#inOtherForm(script, tables)
      if (other !== undefined) return { ...ended, ...other }
    }
    const failure = await this.#rowFailure(script, tables, failed)
    if (!failed.isMadeUp || !isOneTransaction) {
      const impact = await this.#impactOf(script, watched, { failure })
      return { impact, failed: true, ran: false, partly: !isOneTransaction, memory: undefined }
    }
    await this.#rows.remove()
    const without = await this.#remember(tables, known.direction)
    const plain = await this.#run(script, await this.#rows.count(tables))
    const ran = plain.failed === undefined
    if (ran) this.#rows.left(plain.facts.written)
    const clients = ran ? await this.#compare(without) : undefined
    const impact = await this.#impactOf(script, plain, {
      failure,
      clients,
      memory: without,
      stopped: failed.error.code,
    })
    return { impact, failed: true, ran, partly: false, memory: undefined }
  }

  async #remember(tables: readonly OldRelation[], direction: Direction): Promise<ClientMemory | undefined> {
    return direction === 'down' ? undefined : rememberClients(this.#sessions.client, tables)
  }

  async #compare(memory: ClientMemory | undefined): Promise<ClientFacts | undefined> {
    return memory && compareClients(this.#sessions.client, memory)
  }

  /** Undefined where the script does not fail because of rows. */
  async #rowFailure(
    script: Script,
    tables: readonly OldRelation[],
    failed: NonNullable<Watched['failed']> & { readonly isMadeUp: boolean },
  ): Promise<RowFailure | undefined> {
    const { error, isMadeUp } = failed
    if (!isOfRows(refusalOf(error))) return undefined
    const refused = await this.#refused(script, tables, failed)
    // What a script without one transaction has left may be in the way of a trial.
    const units = unitsOf(script)
    const isSeen = refused.count !== undefined && (units.length > 1 || units.some(({ alone }) => alone))
    if (!isMadeUp && !isSeen && !(await this.#runsWithoutRows(script, tables))) return undefined
    const needs = isOfCast(error) && isMadeUp ? needsOf(refusalOf(error)) : undefined
    if (this.#rows.isOfUser(refused.relation)) return rowFailure(failed, refused, { source: 'fixtures' })
    return rowFailure(failed, refused, { source: isMadeUp ? 'made up' : 'migrations', needs })
  }

  /** Which rows of which table it fails on. `first`: what comes before the script. */
  async #refused(
    script: Script,
    tables: readonly OldRelation[],
    { error, statement, atEnd }: NonNullable<Watched['failed']>,
    first?: (session: Session) => Promise<void>,
  ): Promise<RefusedRows> {
    if (statement === undefined) return {}
    const { open } = this.#sessions
    const text = atEnd === true ? undefined : statement.text
    const ask = (session: Session): Promise<RefusedRows> => refusedRows(session, { error, text, tables })
    const found = await inStateBefore(
      script,
      { statement, atEnd: atEnd === true },
      { open, ...(first && { first }) },
      ask,
    )
    return found ?? {}
  }

  /** Tables that reference one of these: their rows change with a cascade. */
  async #withReferencing(tables: readonly OldRelation[]): Promise<readonly OldRelation[]> {
    if (tables.length === 0) return []
    const list = tables.map(({ oid }) => oid).join(',')
    const answer = await this.#sessions.observer.send(
      `SELECT DISTINCT conrelid FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = ANY ('{${list}}'::oid[])
        AND (confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd'))`,
    )
    const referencing = (answer.at(-1)?.rows ?? []).map(([oid]) => String(oid))
    return distinct([...tables, ...(await this.#oldOnes(referencing))])
  }

  async #oldOnes(oids: readonly string[]): Promise<readonly OldRelation[]> {
    const wanted = new Set(oids.filter((oid) => this.#old.has(oid)))
    const found = await readRelations(this.#sessions.observer, [...wanted])
    return found.filter(({ oid }) => wanted.has(oid))
  }

  /** Whether awkward rows, beside the natural ones, make the script fail. */
  async #awkward(script: Script, tables: readonly OldRelation[]): Promise<RowFailure | undefined> {
    const together = togetherOf(script)
    const untouched = this.#rows.untouched(tables)
    if (untouched.length === 0 || together === undefined) return undefined
    const first = (mover: Session): Promise<void> => this.#rows.addAwkward(mover, untouched)
    const { failed } = await this.#try(together.script, first)
    if (failed === undefined || !isOfRows(refusalOf(failed.error))) return undefined
    const refused = await this.#refused(together.script, tables, failed, first)
    return rowFailure(failed, refused, { source: 'made up', needs: needsOf(refusalOf(failed.error)) })
  }

  /** Text that no cast takes is unnatural for it: another form is tried, and kept where the script takes it. */
  async #inOtherForm(
    script: Script,
    tables: readonly OldRelation[],
  ): Promise<Pick<OneWatched, 'impact' | 'memory'> | undefined> {
    const { client } = this.#sessions
    for (const form of FORMS) {
      await this.#rows.remove()
      const rows = await this.#rows.fill(tables, form)
      const memory = await rememberClients(client, tables)
      const watched = await this.#run(script, rows)
      if (watched.failed !== undefined) continue
      this.#rows.left(watched.facts.written)
      const clients = await compareClients(client, memory)
      return { impact: await this.#impactOf(script, watched, { clients, memory }), memory }
    }
    return undefined
  }

  /** Whether the script runs where its tables are empty: then it fails because of their rows. */
  async #runsWithoutRows(script: Script, tables: readonly OldRelation[]): Promise<boolean> {
    const together = togetherOf(script)
    const names = tables.filter(isTable).map(({ relation }) => withSchema(relation))
    if (together === undefined || names.length === 0) return false
    const trial = await this.#try(together.script, async (mover) => {
      await mover.send(`TRUNCATE ${names.join(', ')} CASCADE`)
    })
    return trial.failed === undefined
  }

  /** Pairs of tables that foreign keys join, by their names. */
  async #foreignKeys(): Promise<ReadonlySet<string>> {
    const { observer } = this.#sessions
    const answer = await observer.send(
      `SELECT DISTINCT conrelid, confrelid FROM pg_catalog.pg_constraint WHERE contype = 'f'`,
    )
    const pairs = (answer.at(-1)?.rows ?? []).map(([one, other]) => [String(one), String(other)] as const)
    const relations = await readRelations(observer, [...new Set(pairs.flat())])
    const names = new Map(relations.map(({ oid, relation }) => [oid, relation]))
    return new Set(pairs.map(([one, other]) => JSON.stringify([names.get(one), names.get(other)])))
  }

  #run(script: Script, rows: KnownRows, mayCommit?: WatchInput['mayCommit']): Promise<Watched> {
    return runWatched(script, { ...this.#input(rows), ...(mayCommit && { mayCommit }) })
  }

  #try(script: Script, first: (session: Session) => Promise<void>): Promise<Watched> {
    return runWatched(script, { ...this.#input(NO_ROWS), trial: true, first })
  }

  #input(rows: KnownRows): WatchInput {
    return { sessions: this.#sessions, old: this.#old, rows, trial: false }
  }

  async #impactOf(
    script: Script,
    { facts, failed, ...watched }: Watched,
    { failure, clients, memory, asLeft = [], stopped = failed?.error.code }: ImpactParts,
  ): Promise<Impact> {
    const keys = facts.pairs().length === 0 ? new Set<string>() : await this.#foreignKeys()
    const unindexed = memory === undefined ? [] : searchedKeys(memory.world.relations, facts.scanned)
    const passedOver = failed === undefined ? await invalidIndexesNamed(this.#sessions.observer, textOf(script)) : []
    const count = unitsOf(script).reduce((most, { statements }) => Math.max(most, statements.length), 0)
    return {
      ...NOTHING,
      ...clients,
      statements: watched.statements,
      relations: facts.relations(),
      holds: facts.holds(),
      rewritten: facts.rewritten,
      scanned: facts.scanned,
      built: facts.built,
      changed: facts.changed,
      refused: watched.waiting,
      order: joined(facts.pairs(), keys),
      left: distinctLeft([...(clients?.left ?? []), ...passedOver]),
      unindexed: [...(clients?.unindexed ?? []), ...unindexed],
      ...(failure && { failsOnRows: failure }),
      notJudged: [
        ...(clients?.notJudged ?? []),
        ...notJudged({ count, asLeft, ...(failure === undefined && { stopped }) }),
      ],
      lockTimeout: watched.lockTimeout,
    }
  }
}

/**
 * What is known of a script beside what was watched. `asLeft`: tables in which only the rows were tried that earlier scripts left.
 * `stopped`: the SQLSTATE with which it failed on rows.
 */
type ImpactParts = {
  readonly failure?: RowFailure | undefined
  readonly clients?: ClientFacts | undefined
  readonly memory?: ClientMemory | undefined
  readonly asLeft?: readonly string[]
  readonly stopped?: string | undefined
}

/**
 * `ran`: it failed on made-up rows, and ran without them. `partly`: what it did before its failure stays. `memory`: of the state
 * before it.
 */
type OneWatched = {
  readonly impact: Impact
  readonly failed: boolean
  readonly ran: boolean
  readonly partly: boolean
  readonly memory: ClientMemory | undefined
}

const distinctLeft = (left: readonly Left[]): readonly Left[] => [
  ...new Map(left.map((one) => [JSON.stringify([one.what, one.relation, one.name]), one])).values(),
]

const textOf = ({ messages }: Script): string => messages.map(({ text }) => text).join('\n')

const holdingRows = (relations: readonly OldRelation[]): readonly OldRelation[] =>
  relations.filter(({ kind }) => HOLDS_ROWS.has(kind))

const NO_ROWS: KnownRows = { rows: new Map(), sources: new Map() }
