// The Target port on a real connection.
import { UserError } from '../../../model/errors.js'
import type { Lock, Rows } from '../../../state/history.js'
import type { Snapshot } from '../../../catalog/snapshot.js'
import type {
  JournalEntries,
  Target,
  TargetOptions,
  TargetStepResult,
  TargetStep,
  TableFromEnvironment,
} from '../../../ports/target.js'
import type { Transacted } from '../../../state/transaction-result.js'
import { readWholeCatalog } from '../guided-snapshots/whole-catalog.js'
import { planSending, type SendPlan } from '../scratch/send-plan.js'
import { isDatabaseError } from '../session.js'
import type { Answers } from '../simple-query.js'
import { runApart } from './step-without-transaction.js'
import { runBody } from './step-of-module.js'
import { createWatcher, type Watcher } from './blockers.js'
import { brokenConnection, lastRows, LostConnection, type Link } from './connection.js'
import { connect, type Address } from './connect.js'
import { ATTEMPTS, limits, type StepContext } from './context.js'
import type { Facts } from './server-facts.js'
import { readHistory, prepareGuard } from './history-rows.js'
import { insertEntries, journalOver } from './journal.js'
import { BegunStep } from './begun-step.js'
import { HeldLocks } from './locks.js'
import { FILES, MAY_SEE_LOCKS, StepWatch } from './step-watch.js'
import type { Waits } from './patience.js'
import { runTogether } from './step-in-transaction.js'

/** How long to wait for a lost server before the outcome is reported as unknown, in attempts at a lock. */
const REOPEN = 4

export class LiveTarget implements Target {
  readonly place: string
  readonly identity: string
  readonly tablesFromEnvironment: readonly TableFromEnvironment[]
  readonly version: string
  readonly major: number
  readonly database: string
  readonly schema: string | undefined
  readonly #address: Address
  readonly #options: TargetOptions
  readonly #watcher: Watcher
  #link: Link
  readonly #locks: HeldLocks
  readonly #begun = new BegunStep(() => this.#link)
  /** Whether the current session has our limit on waiting for locks. */
  #limited = false
  /** The digest of the history's rows when they were last read, and whether the next one may be computed. */
  #mark: string | undefined
  #computesMarks = true
  /** The statement that is prepared in the current session, for the table of a history. */
  #guard: { readonly name: string; readonly table: string } | undefined
  #guards = 0
  readonly #looks = new StepWatch()
  readonly #journal = journalOver({ send: (text) => this.#link.send(text), write: (sql) => this.write(sql) })

  constructor(made: {
    readonly link: Link
    readonly address: Address
    readonly facts: Facts
    readonly options: TargetOptions
    readonly tables: readonly TableFromEnvironment[]
    readonly waits: Waits
  }) {
    const { link, address, facts, options, tables, waits } = made
    this.tablesFromEnvironment = tables
    this.#link = link
    this.#address = address
    this.#options = options
    this.place = address.place
    this.identity = facts.identity
    this.version = facts.version
    this.major = facts.major
    this.database = facts.database
    this.schema = facts.schema
    this.#locks = new HeldLocks({
      link: () => this.#link,
      place: address.place,
      patienceMs: ATTEMPTS * options.lockMs,
      signal: options.signal,
      waits,
    })
    this.#watcher = createWatcher({
      waits,
      pid: () => this.#link.pid,
      afterMs: Math.max(20, Math.min(1000, options.lockMs / 3)),
      another: () => connect({ address, waitMs: 0, signal: options.signal }),
    })
  }

  async read(query: string): Promise<Rows> {
    return this.#explained(async () => lastRows(await this.#reading(query)))
  }

  async rows({ table, read }: { readonly table: string; readonly read: string }): Promise<Rows> {
    return this.#explained(async () => {
      const { place } = this
      const link = this.#link
      const watcher = this.#watcher
      const patienceMs = ATTEMPTS * this.#options.lockMs
      const { mark, rows } = await readHistory({ link, watcher, place, table, read, patienceMs })
      this.#mark = mark
      return rows
    })
  }

  async write(sql: string): Promise<void> {
    await this.#explained(() => this.#link.send(`BEGIN;${sql}\n;COMMIT`))
  }

  async note({ sql, journal }: { readonly sql: string; readonly journal: JournalEntries | undefined }): Promise<void> {
    await this.write(`${sql};${insertEntries(journal)}`)
  }

  async lock(locks: readonly Lock[]): Promise<void> {
    await this.#explained(() => this.#locks.take(locks))
  }

  async unlock(): Promise<void> {
    await this.#explained(() => this.#locks.free())
  }

  readonly readJournal: Target['readJournal'] = (database) => this.#explained(() => this.#journal.rows(database))

  readonly readDowns: Target['readDowns'] = (database) => this.#explained(() => this.#journal.downs(database))

  readonly wasProduction: Target['wasProduction'] = () => this.#explained(() => this.#journal.wasProduction())

  readonly prepareJournal: Target['prepareJournal'] = () => this.#explained(() => this.#journal.prepare())

  async run(step: TargetStep, next?: TargetStep): Promise<TargetStepResult> {
    const way = planSending(step.script)
    this.#limited = false
    const begun = await this.#begun.goOn(step)
    const context = this.#context()
    await this.#relock()
    const tidying = resetAfter(way, this.#options.session)
    try {
      if (way.mode === 'statement by statement') return await runApart(context, step, way)
      if (next !== undefined && begun === undefined) await this.#prepareGuard(step.history.table)
      const atOnce = tidying === '' && next !== undefined && planSending(next.script).mode === 'in one transaction'
      return await runTogether(context, step, { begun, next: atOnce ? next : undefined })
    } catch (error) {
      throw error instanceof LostConnection ? this.#broken(error) : error
    } finally {
      if (way.mode === 'statement by statement' || way.temporary || way.unknownChanges) this.#guard = undefined
      if (tidying !== '') await this.#tidy(way, tidying)
    }
  }

  /** If it cannot be prepared, for a lock or a right, each step contains the whole guard. */
  async #prepareGuard(table: string): Promise<void> {
    if (this.#guard?.table === table) return
    const name = `migration_gate_guard_${++this.#guards}`
    const limited = ['BEGIN', ...limits(this.#context(), 'SET LOCAL'), prepareGuard(name, table), 'COMMIT']
    try {
      await this.#link.send(limited.join(';'))
      this.#guard = { name, table }
    } catch {
      this.#guard = undefined
      if (!this.#link.isLost()) await this.#link.send('ROLLBACK').catch(() => undefined)
    }
  }

  async transact(
    body: Parameters<Target['transact']>[0],
    step: Parameters<Target['transact']>[1],
  ): Promise<Transacted> {
    await this.#begun.rollBack()
    await this.#relock()
    this.#limited = false
    try {
      return await runBody(this.#context(), step, body)
    } catch (error) {
      throw error instanceof LostConnection ? this.#broken(error) : error
    } finally {
      if (this.#options.session === 'reset' && !this.#link.isLost()) {
        await this.#link.send(RESET_ALL).catch(() => undefined)
      }
    }
  }

  async #relock(): Promise<void> {
    const { missing } = this.#locks
    if (missing !== undefined) await this.lock(missing)
  }

  async watchSteps(): Promise<void> {
    const [may] = await this.read(MAY_SEE_LOCKS)
    if (may?.[0] === 't') this.#looks.begin(await this.read(FILES))
  }

  snapshot(): Promise<Snapshot> {
    const send = (text: string): Promise<Answers> => this.#reading(text)
    return this.#explained(() => readWholeCatalog({ major: this.major, inTransaction: false, send }))
  }

  /** Even a reader may wait for a lock: for the definition of a view, or the size of a table. */
  async #reading(text: string): Promise<Answers> {
    if (!this.#limited) await this.#link.send(`SET lock_timeout = ${Math.round(ATTEMPTS * this.#options.lockMs)}`)
    this.#limited = true
    return this.#watcher.during(() => this.#link.send(text))
  }

  async close(): Promise<void> {
    await this.#watcher.close()
    await this.#link.close()
  }

  #context(): StepContext {
    return {
      options: this.#options,
      major: this.major,
      role: this.#address.dsn['user'] ?? '',
      watcher: this.#watcher,
      link: () => this.#link,
      reopen: () => this.#reopen(),
      relock: () => this.#relock(),
      mark: () => this.#mark,
      setMark: (mark) => (this.#mark = mark),
      computesMarks: () => this.#computesMarks,
      measureMarks: () => (this.#computesMarks = false),
      setBegun: (begun) => this.#begun.set(begun),
      guard: () => this.#guard?.name,
      looks: this.#looks,
    }
  }

  /** The outcome of the step is certain before this runs. */
  async #tidy(way: SendPlan, tidying: string): Promise<void> {
    if (this.#link.isLost()) return
    if (way.locksAdvisory) this.#locks.lose()
    await this.#link.send(tidying).catch((error: unknown) => {
      // The next step finds out that the connection is gone. This step is over.
      if (!(error instanceof LostConnection)) throw error
    })
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#options
    const patient = signal.aborted ? new AbortController().signal : signal
    await this.#link.close()
    this.#locks.lose()
    this.#guard = undefined
    this.#limited = false
    this.#link = await connect({ address: this.#address, waitMs: REOPEN * this.#options.lockMs, signal: patient })
  }

  /** Reports a refusal of the server in its own words, and a lost connection as such. */
  async #explained<T>(body: () => Promise<T>): Promise<T> {
    await this.#begun.rollBack()
    try {
      return await body()
    } catch (error) {
      if (error instanceof LostConnection) throw this.#broken(error)
      if (!isDatabaseError(error)) throw error
      const by = error.code === '55P03' ? this.#watcher.seen() : []
      // The state of the transaction is known only after the server reports that it is ready again.
      await this.#link.send('ROLLBACK').catch(() => undefined)
      throw new UserError({
        kind: 'environment',
        what: `${this.place}: ${error.message} (SQLSTATE ${error.code ?? 'XX000'})${by.length === 0 ? '' : `; the lock is held by ${by.join('; ')}`}`,
        fix:
          error.hint ??
          (by.length > 0 ? 'Wait until that session ends, or end it, then run again.' : undefined) ??
          (error.code === '42501' ? 'Give the role that privilege, or use another role.' : "See the server's log."),
        cause: error,
      })
    }
  }

  #broken(error: LostConnection): UserError {
    return brokenConnection(this.place, error)
  }
}

const SETTINGS = 'RESET SESSION AUTHORIZATION;RESET ROLE;RESET ALL'
/** The rest of what a script can leave in a session. DISCARD ALL would also release our locks. */
const OBJECTS = 'DISCARD TEMP;DEALLOCATE ALL;CLOSE ALL;UNLISTEN *'

/** For a body with unknown statements. */
const RESET_ALL = `${SETTINGS};${OBJECTS}`

/**
 * Resets a session after a script, so that settings, temporary tables and locks of one file do not reach the next.
 * Empty when nothing is to be done. A `shared` session keeps what its scripts set.
 */
function resetAfter(way: SendPlan, session: TargetOptions['session']): string {
  const isReset = session === 'reset'
  return [
    ...(way.setsSession && isReset ? [SETTINGS] : []),
    ...((way.temporary || way.unknownChanges) && isReset ? [OBJECTS] : []),
    ...(way.locksAdvisory ? ['SELECT pg_advisory_unlock_all()'] : []),
  ].join(';')
}
