// Reasons to refuse a database, and the recovery commands.
import { commandText } from '../model/command.js'
import type { History } from './history.js'
import type { Migration } from '../model/migration.js'
import { shellWord } from '../model/shell-quote.js'
import type { Dirty, MigrationStatus } from './status.js'
import type { JournalRow } from './journal.js'
import { isPlaceHere } from '../model/this-machine.js'
import { firstFew } from '../model/list-words.js'

/** `use`: the request is wrong (exit code 2). `plan`: the state of the database or the files forbids it. */
export type Refusal = { readonly kind: 'use' | 'plan'; readonly what: string; readonly fix: string }

const ids = (migrations: readonly Migration[]): string => migrations.map(({ id }) => id).join(', ')

/** That no one said which environment a database on another machine has. */
export const unnamedEnvironment = (database: string, place: string): string =>
  `${database}: ${place} is not on this machine, and no environment is named`

/**
 * A command that changes a database on another machine does not guess its environment: it may be production. `given`:
 * the user named the environment. `asProduction`: what to do if it is production.
 */
export function environmentRefusal(options: {
  readonly database: string
  readonly place: string
  readonly given: boolean
  readonly asProduction: string
}): Refusal | undefined {
  const { database, place, given, asProduction } = options
  if (given || isPlaceHere(place)) return undefined
  return {
    kind: 'plan',
    what: unnamedEnvironment(database, place),
    fix: `Name it with --environment or APP_ENV: development, staging, test or production. ${asProduction}`.trim(),
  }
}

/** How to apply it again. In production, `up` refuses. */
const onwards = (production = false): string =>
  production ? 'then make a new plan and deploy that' : 'then run up again'

/**
 * Two recovery commands for a step that began and did not end: after it is completed by hand, or rolled back by hand.
 */
export function dirtyRefusal(options: {
  readonly database: string
  readonly about: string
  readonly migrations: readonly Migration[]
  readonly status: Pick<MigrationStatus, 'applied'>
  readonly dirty: Dirty
  readonly production?: boolean
}): Refusal {
  const { database, dirty } = options
  const { above, migration } = dirty
  const name = migration?.id ?? dirty.key
  const who = dirty.said === 'history' ? "the tool's table marks it as dirty" : 'our journal has its start, not its end'
  const applied = options.status.applied.map((one) => one.migration)
  const begun =
    above === undefined
      ? `${dirty.direction === 'down' ? 'the down of ' : ''}${name}`
      : `the up of ${name}, or the down of ${above.id},`
  return {
    kind: 'plan',
    what: `${database}: ${begun} began and did not end (${who}), so its result is unknown`,
    fix: `Look at the database. ${repairWords({ ...options, applied })}`,
  }
}

/**
 * The two suggested commands. `about` as in PlanInput. During a down, golang-migrate marks the version below (its
 * `Down`).
 */
export function repairWords(options: {
  readonly about: string
  readonly migrations: readonly Migration[]
  readonly applied: readonly Migration[]
  readonly dirty: Pick<Dirty, 'key' | 'migration' | 'direction' | 'above'>
  readonly production?: boolean
}): string {
  const { about, dirty, migrations } = options
  const again = onwards(options.production)
  const index = dirty.migration === undefined ? migrations.length : migrations.indexOf(dirty.migration)
  const before = options.applied.filter((one) => migrations.indexOf(one) < index)
  const command = (version: string): string => commandText(`baseline ${about} --to ${shellWord(version)} --clear-dirty`)
  const here = dirty.migration?.version ?? dirty.key
  const below = before.at(-1)?.version ?? '0'
  if (dirty.direction === 'down') {
    return `If all of it is rolled back: ${command(below)}. If none of it is: ${command(here)}.`
  }
  if (dirty.above !== undefined) {
    const up = `If it was the up: all of it is applied: ${command(here)}; none of it is applied: ${command(below)}, ${again}.`
    return `${up} If it was the down: all of it is rolled back: ${command(here)}; none of it is: ${command(dirty.above.version)}.`
  }
  const whole = dirty.migration === undefined ? '' : `If all of it is applied: ${command(here)}. `
  return `${whole}If none of it is applied: ${command(below)}, ${again}.`
}

/** Files that were added after a newer one was applied, as when two branches are merged in the other order. */
export function lateRefusal(options: {
  readonly late: readonly Migration[]
  readonly history: Pick<History, 'kind' | 'late'>
}): Refusal {
  const { late, history } = options
  const what = `out of order, below the newest applied one: ${ids(late)}`
  const fix =
    history.late === 'possible'
      ? 'Give it a version above the newest one, or use --allow-late if the order does not matter.'
      : `Give it a version above the newest one: ${history.kind} keeps only the newest version and would never run it. --allow-late continues without it.`
  return { kind: 'plan', what, fix }
}

/**
 * An empty history while our journal has applied migrations: the table was emptied, dropped or not copied. It has both
 * recovery commands. `about` as in PlanInput.
 */
export function lostRefusal(options: {
  readonly database: string
  readonly about: string
  readonly lost: readonly JournalRow[]
  readonly production?: boolean
}): Refusal {
  const { about, lost } = options
  const newest = lost.at(-1)
  const command = (version: string): string => commandText(`baseline ${about} --to ${shellWord(version)}`)
  return {
    kind: 'plan',
    what: `${options.database}: ${lostWords(lost)}`,
    fix: `If the database has them: ${command(newest?.version ?? '0')}. If it has none of them, because another tool rolled them back: ${command('0')}, ${onwards(options.production)}.`,
  }
}

/** That the history is empty while our journal has applied migrations, as a phrase. */
export function lostWords(lost: readonly JournalRow[]): string {
  const newest = lost.at(-1)
  const when = newest === undefined ? '' : `, the newest on ${newest.at.slice(0, 10)} by ${newest.by}`
  const ids = firstFew(
    lost.map(({ id }) => id),
    ', ',
  )
  return `the history is empty, but our journal has ${ids} as applied${when}: the table was emptied or dropped, or another tool rolled them back`
}

/** A version that only the journal knows. */
export const migrationOfRow = ({ version, id }: JournalRow): Migration => ({
  id,
  version,
  name: id,
  kind: 'schema',
  up: undefined,
  down: undefined,
  code: undefined,
  irreversible: undefined,
})
