// A scratch database: runs scripts and reports what they changed in the catalogue.
import { UserError } from '../../../model/errors.js'
import type { Direction, Script } from '../../../model/migration.js'
import { characters } from '../../../model/source.js'
import type { Identities, IdentityChange } from '../../../catalog/identity.js'
import type { Snapshot, SnapshotChange } from '../../../catalog/snapshot.js'
import type { Query } from '../../../ports/modules.js'
import type {
  AttemptResult,
  RunResult,
  ReplayResult,
  ReplayStep,
  Scratch,
  AttemptOutcome,
} from '../../../ports/scratch.js'
import type { Transacted } from '../../../state/transaction-result.js'
import { attempt, AttemptEnded, attemptEnded, fitsAttempt } from './attempt.js'
import { inOneTransaction, segmentsOf, type Segment } from './segments.js'
import { CHECK_CONSTRAINTS as TAIL, sendSegments, type ChangePlan, type SendResult } from './send-segments.js'
import { planSending, messageAt, type SendPlan } from './send-plan.js'
import { locateFailure, type SendFailure, type ServerFacts } from './locate-failure.js'
import { leftOpen } from '../failure.js'
import {
  parseRows,
  readAnswer,
  type AnswerContext,
  WHOLE_CATALOG,
  changeQuery,
  type ReadChange,
  WITHOUT_TIME_LIMIT,
} from '../guided-snapshots/change-query.js'
import { batchLength, sendBatch } from './replay.js'
import { digestRows } from './row-digests.js'
import { isDatabaseError, sessionEnded, type Session } from '../session.js'
import type { Answers } from '../simple-query.js'
import { CatalogState, type CatalogRow } from '../guided-snapshots/catalog-state.js'
import { snapshotFailure } from './snapshot-failure.js'
import { transact } from './transact.js'

export type ScratchOptions = {
  readonly name: string
  readonly server: ServerFacts
  readonly session: 'reset' | 'shared'
  readonly snapshots: 'guided' | 'full'
  /** SQL that creates the functions of catalog/install.ts. */
  readonly functions: string
  readonly connect: () => Promise<Session>
  readonly drop: () => Promise<void>
  readonly elapsed: () => number
}

/** `record` is SQL that notes the script in a history; empty for none. `look` is a query at the end of its transaction. */
type SendRequest = { script: Script; plan: SendPlan; read: ReadChange; record: string; look: string | undefined }

/** The result of a script whose change was not read. */
const changeNotRead = (plan: Pick<SendPlan, 'writesRows'>): SendResult => ({
  change: new Map(),
  rows: plan.writesRows ? 'moved' : 'still',
})

const RESET = 'RESET SESSION AUTHORIZATION;RESET ROLE;RESET ALL;'
const VACUUM_EVERY = 800

export class ScratchDatabase implements Scratch {
  readonly options: ScratchOptions
  #session: Session
  state: CatalogState
  /** Whether `state` matches the catalogue. */
  #known: boolean
  /** Whether the transaction of an attempt is open. */
  #attempting = false
  /** Whether the last script may have changed settings or the role of the session. */
  #unclean = false
  #sinceVacuum = 0

  private constructor(options: ScratchOptions, session: Session, state: CatalogState | undefined) {
    this.options = options
    this.#session = session
    this.state = state ?? new CatalogState()
    this.#known = state !== undefined
  }

  /** `state` is the known state of a copy. Without it the first snapshot reads everything. */
  static async open(options: ScratchOptions, state: CatalogState | undefined): Promise<ScratchDatabase> {
    const session = await options.connect()
    await session.send(options.functions)
    return new ScratchDatabase(options, session, state)
  }

  async run(script: Script, direction: Direction, look?: string): Promise<RunResult> {
    if (!this.#known) await this.#readAll()
    if (this.#attempting) return this.#runOpen(script)
    return this.#run(script, direction, { read: this.options.snapshots, record: '', look })
  }

  async replay(steps: readonly ReplayStep[]): Promise<ReplayResult> {
    this.#known = false
    const started = this.options.elapsed()
    let done = 0
    while (done < steps.length) {
      const length = this.#unclean ? 0 : batchLength(steps, done)
      const committed = length < 2 ? 0 : await sendBatch(this.#session, steps.slice(done, done + length))
      done += committed
      if (committed === length && length >= 2) continue
      const step = steps[done]
      if (step === undefined) break
      const ran = await this.#run(step.script, step.direction, {
        read: 'none',
        record: step.record ?? '',
        look: undefined,
      })
      if (!ran.ok) return { done, failure: ran.failure, milliseconds: this.options.elapsed() - started }
      done++
    }
    return { done, failure: undefined, milliseconds: this.options.elapsed() - started }
  }

  async attempt<T>(body: () => Promise<AttemptOutcome<T>>): Promise<AttemptResult<T>> {
    // The settings of a shared session exist nowhere else, so nothing may roll them back.
    if (!this.#known || this.options.session === 'shared') return 'unfit'
    const state = this.state.copy()
    const unclean = this.#unclean
    this.#attempting = true
    this.#unclean = false
    // A time limit that a script left would apply to the BEGIN.
    const attempted = await attempt(this.#session, unclean ? RESET : '', body).finally(() => (this.#attempting = false))
    if (typeof attempted === 'string' || !attempted.keep) {
      this.state = state
      this.#unclean = unclean
    }
    return attempted
  }

  /** Runs in the transaction of an attempt. */
  async #runOpen(script: Script): Promise<RunResult> {
    const started = this.options.elapsed()
    const together = planSending(script).mode === 'in one transaction' ? script : inOneTransaction(script)
    if (together === undefined) throw new AttemptEnded('unfit')
    const plan = planSending(together)
    if (!fitsAttempt(plan)) throw new AttemptEnded('unfit')
    const read = this.options.snapshots
    const text = `${this.#reset(plan)}${plan.texts[0] ?? ''}${TAIL}${changeQuery(plan, read, this)}`
    const answers = await this.#session.send(text).catch((error: unknown) => {
      if (!isDatabaseError(error)) throw error
      // Sent as its tool sends it, another script may not fail.
      const ended = together === script ? attemptEnded(error) : new AttemptEnded('unfit')
      throw snapshotFailure(error, script) ?? ended
    })
    this.#unclean = plan.setsSession
    const result = await this.#readChange(answers.at(-1), { plan, read })
    return { ok: true, ...this.#identified(result), milliseconds: this.options.elapsed() - started }
  }

  async #run(
    script: Script,
    direction: Direction,
    { read, record, look }: Pick<SendRequest, 'read' | 'record' | 'look'>,
  ): Promise<RunResult> {
    if (read === 'guided' && ++this.#sinceVacuum >= VACUUM_EVERY) await this.#vacuum()
    const started = this.options.elapsed()
    const unclean = this.#unclean
    const plan = planSending(script)
    const sending = { script, plan, read, record, look }
    const segments = read === 'guided' && plan.mode === 'statement by statement' ? segmentsOf(script) : undefined
    const outcome =
      plan.mode === 'statement by statement'
        ? segments === undefined
          ? await this.#sendStatementByStatement(sending)
          : await this.#sendSegments(plan, segments)
        : await this.#sendInTransaction(sending).catch((error: unknown) => this.#endedBy(error))
    // A failed script rolls back its whole message, including our RESET.
    this.#unclean = plan.setsSession || ('error' in outcome && unclean)
    const milliseconds = this.options.elapsed() - started
    if ('error' in outcome) {
      const failure = await locateFailure(
        { ...outcome, script, direction, plan },
        {
          server: this.options.server,
          send: (text) => this.#session.send(text),
          begin: `${this.#reset(plan)}BEGIN`,
          endedBy: (lost) => this.#endedBy(lost),
        },
      )
      const held = outcome.lost === undefined || this.options.session === 'reset'
      return { ok: false, failure, state: plan.atomic && held ? 'kept' : 'partial', milliseconds }
    }
    if (this.options.session === 'reset') {
      if (plan.holdsSlot) await this.whileClosed(() => Promise.resolve())
      else if (plan.temporary) await this.#renewSession()
    }
    return { ok: true, ...this.#identified(outcome), milliseconds }
  }

  /** With the identities of what changed; none where no change was read. */
  #identified(result: SendResult): SendResult & { readonly identities: IdentityChange } {
    return { ...result, identities: this.state.identitiesOf(result.change.keys()) }
  }

  async transact(body: (query: Query) => Promise<'commit' | 'rollback'>): Promise<Transacted> {
    this.#known = false
    const started = this.options.elapsed()
    if (this.options.session === 'reset') await this.#renewSession()
    const transacted = await transact(this.#session, body)
    if (this.options.session === 'reset') await this.#renewSession()
    return { ...transacted, milliseconds: this.options.elapsed() - started }
  }

  known(): Snapshot {
    return this.state.snapshot()
  }

  identities(): Identities {
    return this.state.identities()
  }

  async snapshot(): Promise<Snapshot> {
    await this.#readAll()
    return this.state.snapshot()
  }

  async read(query: string): Promise<readonly (readonly string[])[]> {
    return ((await this.#session.send(query)).at(-1)?.rows ?? []) as string[][]
  }

  rows(): Promise<ReadonlyMap<string, string>> {
    return digestRows(this.#session)
  }

  async drop(): Promise<void> {
    await this.#session.close()
    await this.options.drop()
  }

  /** Closes the session, so that the database can be copied. */
  async whileClosed<T>(body: () => Promise<T>): Promise<T> {
    await this.#session.close()
    try {
      return await body()
    } finally {
      this.#session = await this.options.connect()
      await this.#session.send(this.options.functions)
    }
  }

  /**
   * A proof leaves thousands of dead catalogue rows, which make every read slower (autovacuum is off). This runs
   * seldom, because PostgreSQL replans every query on a catalogue after it.
   */
  async #vacuum(): Promise<void> {
    this.#sinceVacuum = 0
    await this.#session.send(VACUUM)
  }

  async #renewSession(): Promise<void> {
    await this.#session.send('DISCARD ALL')
    await this.#session.send(this.options.functions)
  }

  get #answerContext(): AnswerContext {
    return { state: this.state, send: (text) => this.#session.send(text), readAll: () => this.#readAll() }
  }

  async #readAll(): Promise<SnapshotChange> {
    const [open, close] = this.#attempting ? ['', ''] : ['BEGIN;', 'COMMIT;']
    const read = (): Promise<Answers> => this.#session.send(`${open}${WITHOUT_TIME_LIMIT}${WHOLE_CATALOG};${close}`)
    const answers = await read().catch(async (error: unknown) => {
      if (this.#attempting) throw error
      if (isDatabaseError(error)) await this.#session.send('ROLLBACK')
      const failed = isDatabaseError(error) ? snapshotFailure(error) : undefined
      if (failed !== undefined) throw failed
      if (!isDatabaseError(error) || !/\bpg_temp\.gate_\w/.test(error.message)) throw error
      if (this.options.session === 'reset') await this.#session.send(RESET)
      await this.#session.send(`BEGIN READ WRITE;${this.options.functions};COMMIT`)
      return read()
    })
    this.#known = true
    return this.state.replace(parseRows(answers.at(this.#attempting ? -1 : -2)))
  }

  async #sendInTransaction({ script, plan, read, record, look }: SendRequest): Promise<SendResult | SendFailure> {
    const head = `${this.#reset(plan)}BEGIN;\n`
    const text = `${head}${plan.texts[0] ?? ''}${TAIL}${record}${changeQuery(plan, read, this)}${look === undefined ? '' : `${look};`}COMMIT`
    try {
      const answers = await this.#session.send(text)
      if (read === 'none') return changeNotRead(plan)
      const result = await this.#readChange(answers.at(look === undefined ? -2 : -3), { plan, read })
      return look === undefined ? result : { ...result, looked: (answers.at(-2)?.rows ?? []) as string[][] }
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      await this.#session.send('ROLLBACK')
      const failed = snapshotFailure(error, script)
      if (failed !== undefined) throw failed
      const position = Number(error.position) - head.length
      // Our own text follows the script. An open quote ends there, or is reported with it.
      const ofScript = !error.message.includes(TAIL) || error.message.startsWith('unterminated')
      const inScript = position > 0 && position <= characters(plan.texts[0] ?? '') && ofScript
      return inScript ? { error, ...messageAt(script, position) } : { error, index: undefined, position: undefined }
    }
  }

  async #readChange(
    answer: Answers[number] | undefined,
    { plan, read }: { readonly plan: ChangePlan; readonly read: SendRequest['read'] },
  ): Promise<SendResult> {
    const rows = parseRows(answer)
    if (read === 'full') return { change: this.state.replace(rows), rows: changeNotRead(plan).rows }
    const written = this.#writtenRows(rows)
    return { change: await readAnswer(rows, plan.renames || plan.unknownChanges, this.#answerContext), rows: written }
  }

  async #sendStatementByStatement({ script, plan, read, record }: SendRequest): Promise<SendResult | SendFailure> {
    const reset = this.#reset(plan)
    if (reset !== '') await this.#session.send(reset)
    if (script.transaction === 'wrapped') await this.#session.send('BEGIN')
    let index = 0
    try {
      for (const text of plan.texts) {
        await this.#session.send(text)
        index++
      }
      if (script.transaction !== 'wrapped' && this.#session.inTransaction()) {
        await this.#session.send('ROLLBACK')
        return { error: leftOpen(), index: plan.texts.length - 1, position: undefined }
      }
      if (record !== '') await this.#session.send(record)
      if (script.transaction === 'wrapped') await this.#session.send('COMMIT')
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      await this.#session.send('ROLLBACK')
      const position = error.position === undefined ? undefined : Number(error.position)
      return { error, index: Math.min(index, plan.texts.length - 1), position }
    }
    // The tool's own COMMIT may have ended no transaction.
    await this.#session.send('ROLLBACK')
    return read === 'none' ? changeNotRead(plan) : { change: await this.#readAll(), rows: changeNotRead(plan).rows }
  }

  /** As `#sendStatementByStatement`, with the change of each segment read in its own transaction. */
  async #sendSegments(plan: SendPlan, segments: readonly Segment[]): Promise<SendResult | SendFailure> {
    const reset = this.#reset(plan)
    if (reset !== '') await this.#session.send(reset)
    return sendSegments(segments, {
      state: this.state,
      options: this.options,
      send: (text) => this.#session.send(text),
      readAll: () => this.#readAll(),
      readChange: (answer, changes) => this.#readChange(answer, { plan: changes, read: 'guided' }),
    })
  }

  #reset(plan: SendPlan): string {
    if (this.options.session === 'shared' || !this.#unclean) return ''
    return plan.locksAdvisory ? `${RESET}SELECT pg_advisory_unlock_all();` : RESET
  }

  #writtenRows(rows: readonly CatalogRow[]): 'moved' | 'still' {
    return rows.some((row) => row.class === 'moved' && this.state.knows('r', row.id)) ? 'moved' : 'still'
  }

  /** A script can end its own connection. If the server still answers, the work continues in a new one. */
  async #endedBy(lost: unknown): Promise<SendFailure> {
    if (!(lost instanceof UserError) || lost.kind !== 'environment') throw lost
    await this.#session.close()
    try {
      this.#session = await this.options.connect()
      await this.#session.send(this.options.functions)
    } catch {
      throw lost
    }
    return { error: sessionEnded(), index: undefined, position: undefined, lost }
  }
}

/** One statement, which cannot run inside a transaction. */
export const VACUUM = `VACUUM ${'class attribute index constraint depend type attrdef proc trigger rewrite description'
  .split(' ')
  .map((name) => `pg_catalog.pg_${name}`)
  .join(', ')}`
