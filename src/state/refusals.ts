// Reasons to refuse a database, and the recovery commands.
import type { History } from './history.js'
import type { Migration } from '../model/migration.js'
import { shellWord } from '../model/shell-quote.js'
import type { Dirty, MigrationStatus } from './status.js'

/** `use`: the request is wrong (exit code 2). `plan`: the state of the database or the files forbids it. */
export type Refusal = { readonly kind: 'use' | 'plan'; readonly what: string; readonly fix: string }

const ids = (migrations: readonly Migration[]): string => migrations.map(({ id }) => id).join(', ')

/** How to apply it again. In production, `up` refuses. */
export const onwards = (production = false): string =>
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
  const command = (version: string): string =>
    `pg-migration-gate baseline ${about} --to ${shellWord(version)} --clear-dirty`
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
