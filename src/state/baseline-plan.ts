// What `baseline` records: versions that are already applied, and the end of a step that began. Pure.
import { migrationOfRow, dirtyRefusal, type Refusal } from './refusals.js'
import type { Migration } from '../model/migration.js'
import { findMigration, isNothing, type PlanInput } from './plan.js'

/**
 * `through`: the migrations that are applied afterwards. `record`: those whose row has to be written. `journal`: those
 * that the journal does not have yet. `cleared`: the migration whose row goes, because its step began and is not
 * applied. `notThere`: those that the journal records as not applied. `unknown`: the version of a step that began and has
 * no file. With `refused`, nothing is recorded.
 */
export type RecordPlan = {
  readonly through: readonly Migration[]
  readonly record: readonly Migration[]
  readonly journal: readonly Migration[]
  readonly cleared: Migration | undefined
  readonly notThere: readonly Migration[]
  readonly unknown: string | undefined
  readonly note: string | undefined
  readonly refused: Refusal | undefined
}

/** What makes everything through `to` count as applied. `refused` says why nothing may be recorded. */
export function recordPlan(planning: PlanInput & { readonly to: string; readonly clearDirty: boolean }): RecordPlan {
  const { database, migrations, status, history, to, clearDirty } = planning
  const target = findMigration(migrations, to)
  const nothing = isNothing(migrations, to)
  if (target === undefined && !nothing) {
    const fix = `The versions here are ${migrations[0]?.version ?? 'none'} to ${migrations.at(-1)?.version ?? 'none'}.`
    return refuse({ kind: 'use', what: `${database}: there is no migration ${to}`, fix })
  }
  const { dirty } = status
  if (dirty !== undefined && !clearDirty) return refuse(dirtyRefusal({ ...planning, dirty }))
  const through = target === undefined ? [] : migrations.slice(0, migrations.indexOf(target) + 1)
  const open = dirty?.migration
  const applied = status.applied.map(({ migration }) => migration).filter((one) => one !== open)
  const above = applied.filter((one) => !through.includes(one))
  if (above.length > 0) {
    const what = `${database}: ${above.map(({ id }) => id).join(', ')} is applied and above ${to}`
    return refuse({ kind: 'plan', what, fix: 'baseline does not roll back: use down, or name a later version.' })
  }
  const fresh = through.filter((one) => !applied.includes(one))
  const isThere = open !== undefined && through.includes(open)
  const gone = status.lost.filter(({ version }) => !through.some((one) => one.version === version))
  const pointer = history.late === 'impossible'
  return {
    through,
    // The table has one row: writing the last one is enough, also over a dirty mark.
    record: pointer ? (dirty === undefined && fresh.length === 0 ? [] : through.slice(-1)) : fresh,
    journal: fresh,
    cleared: pointer
      ? nothing && dirty !== undefined
        ? (open ?? migrations[0])
        : undefined
      : dirty === undefined
        ? undefined
        : open,
    notThere: [...(open === undefined || isThere ? [] : [open]), ...gone.map(migrationOfRow)],
    unknown: dirty !== undefined && open === undefined ? dirty.key : undefined,
    note: dirty === undefined ? undefined : `${open?.id ?? dirty.key} no longer counts as begun`,
    refused: undefined,
  }
}

const refuse = (refused: Refusal): RecordPlan => ({
  through: [],
  record: [],
  journal: [],
  cleared: undefined,
  notThere: [],
  unknown: undefined,
  note: undefined,
  refused,
})
