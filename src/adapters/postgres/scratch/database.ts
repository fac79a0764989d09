// A scratch database: runs scripts and reports what they changed in the catalogue.
import { UserError } from '../../../model/errors.js'
import type { Direction, Script } from '../../../model/migration.js'
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
import { fillTables } from '../fill/fill.js'
import { attempt, AttemptEnded, failsAlone, fitsAttempt, STEP, type OpenAttempt } from './attempt.js'
import { segmentsOf, type Segment } from './segments.js'
import { rememberSequences } from './sequences.js'
import { buildsAlike, togetherOf } from './together.js'
import { sendSegments, type ChangePlan, type SendResult } from './send-segments.js'
import { CHECK_CONSTRAINTS as TAIL, planSending, type SendPlan } from './send-plan.js'
import { type Asking, locateFailure, placeIn, type SendFailure, type ServerFacts } from './locate-failure.js'
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
import { VACUUM } from './vacuum.js'

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
  /** Set while the transaction of an attempt is open. */
  #attempting: OpenAttempt | undefined
  /** Whether the last script may have changed settings or the role of the session. */
  #unclean = false
  #sinceVacuum = 0

  readonly rows: Scratch['rows'] = () => digestRows(this.#session)
  readonly fill: Scratch['fill'] = (request) => fillTables(this.#session, request)

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
    if (this.#attempting !== undefined) return this.#runOpen(script, direction, this.#attempting)
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

  async attempt<T>(scripts: readonly Script[], body: () => Promise<AttemptOutcome<T>>): Promise<AttemptResult<T>> {
    // The settings of a shared session exist nowhere else, so nothing may roll them back.
    if (!this.#known || this.options.session === 'shared') return 'unfit'
    const together = scripts.map(togetherOf)
    if (together.some((one) => one === undefined || !fitsAttempt(planSending(one.script)))) return 'unfit'
    const unclean = this.#unclean
    // A time limit that a script left would apply to the BEGIN.
    const head = unclean ? RESET : ''
    const draws = together.some((one) => one !== undefined && planSending(one.script).drawsNumbers)
    if (draws && unclean) await this.#session.send(head)
    const tail = draws ? await rememberSequences(this.#session) : ''
    if (tail === undefined) return 'unfit'
    const state = this.state.copy()
    const open: OpenAttempt = { draws, altered: false, checked: false }
    this.#attempting = open
    this.#unclean = false
    const mayKeep = (): boolean => !open.altered
    const attempted = await attempt(this.#session, { head, tail, mayKeep }, body).finally(
      () => (this.#attempting = undefined),
    )
    if (attempted === 'unfit' || !attempted.keep) {
      this.state = state
      this.#unclean = unclean
    }
    return attempted
  }

  /** Runs in the transaction of an attempt. A failure leaves the state before the script. */
  async #runOpen(script: Script, direction: Direction, open: OpenAttempt): Promise<RunResult> {
    const started = this.options.elapsed()
    const together = togetherOf(script)
    if (together === undefined) throw new AttemptEnded()
    const { script: sent, written, altered, builds } = together
    const plan = planSending(sent)
    if (!fitsAttempt(plan) || (plan.drawsNumbers && !open.draws)) throw new AttemptEnded()
    // Names mean something else where the script sets the search path.
    if (builds.length > 0 && plan.setsSession) throw new AttemptEnded()
    if (!(await buildsAlike(builds, 'index', this.#session))) throw new AttemptEnded()
    open.altered ||= altered
    const read = this.options.snapshots
    const head = `SAVEPOINT ${STEP};${this.#reset(plan)}`
    const text = `${head}${plan.texts[0] ?? ''}${TAIL}${changeQuery(plan, read, this)}RELEASE ${STEP}`
    try {
      const answers = await this.#session.send(text)
      this.#unclean = plan.setsSession
      open.checked = true
      if (!(await buildsAlike(builds, 'table', this.#session))) throw new AttemptEnded()
      const result = await this.#readChange(answers.at(-2), { plan, read })
      return { ok: true, ...this.#identified(result), milliseconds: this.options.elapsed() - started }
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      const failed = snapshotFailure(error, script)
      if (failed !== undefined) throw failed
      if (!failsAlone(error, open)) throw new AttemptEnded()
      await this.#session.send(`ROLLBACK TO ${STEP}`)
      const milliseconds = this.options.elapsed() - started
      const found = { ...placeIn(error, head, { script: written, plan }), script: written, direction, plan }
      const failure = await locateFailure(found, this.#asking(this.#reset(plan), `ROLLBACK TO ${STEP}`))
      return { ok: false, failure, state: 'kept', milliseconds }
    }
  }

  #asking(begin: string, end: string): Asking {
    return {
      server: this.options.server,
      send: (text) => this.#session.send(text),
      begin,
      end,
      endedBy: (lost) => this.#endedBy(lost),
    }
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
      const begin = `${this.#reset(plan)}BEGIN`
      const failure = await locateFailure({ ...outcome, script, direction, plan }, this.#asking(begin, 'ROLLBACK'))
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
      return placeIn(error, head, { script, plan })
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
