// The steps of a command on a database, or the reasons to refuse it. Pure.
import { numberOf } from '../model/change.js'
import type { History } from './history.js'
import { lostRefusal, lostWords, dirtyRefusal, lateRefusal, type Refusal } from './refusals.js'
import type { Direction, Migration, Script } from '../model/migration.js'
import type { MigrationStatus } from './status.js'
import { compareNumbers, sameVersion } from '../model/version.js'

/**
 * One migration in one direction. `left`: the migrations that are applied without it (before an up, after a down), in
 * the tool's order. `newest`: the newest applied one when the step begins. `script` has no messages if there is nothing
 * to send.
 */
export type Step = {
  readonly migration: Migration
  readonly direction: Direction
  readonly script: Script
  readonly left: readonly Migration[]
  readonly newest: Migration | undefined
}

/** Steps in order, none if something is refused. `notes` stop nothing. */
export type Plan = {
  readonly steps: readonly Step[]
  readonly refused: readonly Refusal[]
  readonly notes: readonly string[]
}

/**
 * `about`: the options that name the database on the command line. `check`: the command that shows every problem of the
 * files. `production`: up cannot continue there.
 */
export type PlanInput = {
  readonly database: string
  readonly about: string
  readonly check: string
  readonly migrations: readonly Migration[]
  readonly status: MigrationStatus
  readonly history: Pick<History, 'kind' | 'late'>
  readonly production?: boolean
}

const ids = (migrations: readonly Migration[]): string => migrations.map(({ id }) => id).join(', ')

/**
 * Finds a version as people write it: exactly, as id, or by the number alone. For sql-migrate the number is only the
 * start of the version.
 */
export function findMigration(migrations: readonly Migration[], text: string): Migration | undefined {
  const exact = migrations.find(({ version, id }) => version === text || id === text)
  if (exact !== undefined) return exact
  const same = migrations.find(({ version }) => sameVersion(version, text))
  if (same !== undefined) return same
  const [only, ...others] = migrations.filter((migration) => sameVersion(numberOf(migration), text))
  return others.length === 0 ? only : undefined
}

/** Whether the text is `0`, and no migration has that name: the state before the first one. */
export const isNothing = (migrations: readonly Migration[], text: string): boolean =>
  /^0+$/.test(text) && findMigration(migrations, text) === undefined

/**
 * Everything that is not applied, up to and including `to`. Out-of-order migrations go first, as in every tool that
 * accepts them.
 */
export function planUp(
  planning: PlanInput & { readonly to: string | undefined; readonly late: 'refuse' | 'allow' },
): Plan {
  const { migrations, status, history, to } = planning
  const target = to === undefined ? undefined : findMigration(migrations, to)
  if (to !== undefined && target === undefined) return refuse(unknownVersion(planning, to))
  const reached = new Set(target === undefined ? migrations : migrations.slice(0, migrations.indexOf(target) + 1))
  const upTo = (some: readonly Migration[]): readonly Migration[] => some.filter((one) => reached.has(one))
  const late = upTo(status.late)
  const pending = upTo(status.pending)
  const impossible = history.late === 'impossible'
  const waiting = new Set([...late, ...pending])
  const chosen = impossible ? pending : migrations.filter((one) => waiting.has(one))
  const { steps, refused } = stepsUp(chosen, planning)
  return ended({
    steps,
    refused: [
      ...(status.dirty === undefined ? [] : [dirtyRefusal({ ...planning, dirty: status.dirty })]),
      ...(status.lost.length === 0 ? [] : [lostRefusal({ ...planning, lost: status.lost })]),
      ...(late.length > 0 && planning.late === 'refuse' ? [lateRefusal({ late, history })] : []),
      ...editedInHistory(status),
      ...refused,
    ],
    notes: notesOf(planning, impossible && planning.late === 'allow' ? late : []),
  })
}

/** The newest `steps` applied migrations, or all above `to`, newest first. */
export function planDown(planning: PlanInput & { readonly to: string | undefined; readonly steps: number }): Plan {
  const { status, to } = planning
  const { backwards } = status
  const back = to === undefined ? backwards.slice(0, planning.steps) : above(planning, backwards, to)
  if (back === undefined) return refuse(unknownVersion(planning, to ?? ''))
  const applied = status.applied.map(({ migration }) => migration)
  const results = back.map((migration, i) => {
    const gone = new Set(back.slice(0, i + 1))
    return stepDown(
      migration,
      applied.filter((one) => !gone.has(one)),
    )
  })
  return ended({
    steps: results.flatMap((result) => ('script' in result ? [result] : [])),
    refused: [
      ...(status.dirty === undefined ? [] : [dirtyRefusal({ ...planning, dirty: status.dirty })]),
      ...withoutFile(status, back.at(-1)),
      ...results.flatMap((result) => ('what' in result ? [result] : [])),
    ],
    notes: [...notesOf(planning, []), ...lostNotes(status)],
  })
}

/** The newest applied migration, down and up again. */
export function planRedo(planning: PlanInput): Plan {
  const down = planDown({ ...planning, to: undefined, steps: 1 })
  const [step] = down.steps
  if (step === undefined) return down
  const left = planning.status.applied.filter(({ migration }) => migration !== step.migration)
  const again = stepsUp([step.migration], { ...planning, status: { ...planning.status, applied: left } })
  return ended({ steps: [step, ...again.steps], refused: again.refused, notes: down.notes })
}

const refuse = (refused: Refusal): Plan => ({ steps: [], refused: [refused], notes: [] })

const ended = (plan: Plan): Plan => (plan.refused.length > 0 ? { ...plan, steps: [] } : plan)

function above({ migrations }: PlanInput, applied: readonly Migration[], to: string): readonly Migration[] | undefined {
  if (isNothing(migrations, to)) return applied
  const target = findMigration(migrations, to)
  if (target === undefined) return undefined
  return applied.filter((one) => migrations.indexOf(one) > migrations.indexOf(target))
}

const unknownVersion = ({ database, migrations }: PlanInput, to: string): Refusal => ({
  kind: 'use',
  what: `${database}: there is no migration ${to}`,
  fix:
    migrations.length === 0
      ? 'There are no migrations.'
      : `The versions here are ${migrations[0]?.version ?? ''} to ${migrations.at(-1)?.version ?? ''}.`,
})

function stepsUp(
  chosen: readonly Migration[],
  { migrations, status, check }: PlanInput,
): Pick<Plan, 'steps'> & { readonly refused: readonly Refusal[] } {
  const applied = new Set(status.applied.map(({ migration }) => migration))
  const position = new Map(migrations.map((migration, at) => [migration, at]))
  const turn = new Map(chosen.map((migration, at) => [migration, at]))
  const at = (migration: Migration | undefined): number => (migration && position.get(migration)) ?? -1
  let newest = migrations.findLast((one) => applied.has(one))
  const steps: Step[] = []
  const refused: Refusal[] = []
  for (const [own, migration] of chosen.entries()) {
    const script = migration.up
    const reason = unreadable(migration) ?? (script === undefined ? 'it has no up' : undefined)
    if (reason !== undefined || script === undefined) {
      refused.push({
        kind: 'plan',
        what: `${migration.id} cannot be applied: ${reason ?? ''}`,
        fix: `Fix the file; ${check} shows every problem.`,
      })
      continue
    }
    steps.push({
      migration,
      direction: 'up',
      script,
      newest,
      // Computed on demand: only failures and tools with a one-row table need it.
      get left() {
        return migrations.filter((one) => applied.has(one) || (turn.get(one) ?? own) < own)
      },
    })
    if (at(migration) > at(newest)) newest = migration
  }
  return { steps, refused }
}

/** Why a migration cannot run here. */
function unreadable({ code, refused }: Migration): string | undefined {
  if (refused !== undefined) return refused.message
  return code === undefined ? undefined : `it is a program (${code}); run it with its own tool`
}

function stepDown(migration: Migration, left: readonly Migration[]): Step | Refusal {
  const reason =
    migration.irreversible !== undefined
      ? `it is irreversible on purpose: ${migration.irreversible.reason}`
      : (unreadable(migration) ?? (migration.down === undefined ? 'it has no down' : undefined))
  if (reason !== undefined || migration.down === undefined) {
    const fix = 'Write a new migration that brings the database to the wanted state, or restore a backup.'
    return { kind: 'plan', what: `${migration.id} cannot be rolled back: ${reason ?? ''}`, fix }
  }
  return { migration, direction: 'down', script: migration.down, left, newest: migration }
}

/** A migration without a file above the last one to roll back would be skipped (amacneil/dbmate issue 671). */
function withoutFile({ missing }: MigrationStatus, last: Migration | undefined): readonly Refusal[] {
  const over = last === undefined ? [] : missing.filter(({ key }) => compareNumbers(leading(key), last.version) > 0)
  if (over.length === 0) return []
  return [
    {
      kind: 'plan',
      what: `${over.map(({ key }) => key).join(', ')} is applied, newer, and has no file here`,
      fix: 'Check out the commit that has the file, and roll that one back first.',
    },
  ]
}

const leading = (key: string): string => /^\d+/.exec(key)?.[0] ?? key

/** A tool with its own checksums refuses an edited file (sqlx, migrator.rs), and so do we. */
const editedInHistory = ({ edited }: MigrationStatus): readonly Refusal[] =>
  edited
    .filter(({ said }) => said === 'history')
    .map(({ migration, differs }) =>
      differs === 'line ends'
        ? {
            kind: 'plan',
            what: `${migration.id} has other line ends than when it was applied, so its checksum differs from the one in the tool's table`,
            fix: 'Check it out with the line ends that it had: eol=lf or eol=crlf for it in .gitattributes.',
          }
        : {
            kind: 'plan',
            what: `${migration.id} was edited after it was applied: its checksum differs from the one in the tool's table`,
            fix: 'Restore the old file, and write the change as a new migration.',
          },
    )

function notesOf({ status }: PlanInput, passed: readonly Migration[]): readonly string[] {
  const { edited, missing, repeated, rolledBack } = status
  const ours = edited.filter(({ said }) => said === 'journal')
  return [
    ...(passed.length === 0 ? [] : [`skipped, because the tool's table cannot hold it: ${ids(passed)}`]),
    ...ours.map(({ migration, side }) => `${migration.id}: ${sideWords(side)} edited after it was applied`),
    ...(missing.length === 0 ? [] : [`applied without a file here: ${missing.map(({ key }) => key).join(', ')}`]),
    ...(rolledBack.length === 0
      ? []
      : [`marked as rolled back, so the tool never applies it again: ${rolledBack.join(', ')}`]),
    ...(repeated.length === 0 ? [] : [`recorded more than once: ${repeated.join(', ')}`]),
  ]
}

/** The phrase of `lostRefusal` as a note, for commands that go on where `up` refuses. */
export const lostNotes = ({ lost }: MigrationStatus): readonly string[] => (lost.length === 0 ? [] : [lostWords(lost)])

const sideWords = (side: 'up' | 'down' | 'both'): string => (side === 'both' ? 'up and down were' : `its ${side} was`)
