// Proves the base of a change where a step fails that the change does not touch, and marks what was there before.
import type { Migration } from '../../model/migration.js'
import type { DatabaseChange } from '../../model/change.js'
import type { DatabaseReport, MigrationReport } from '../../report/check-report.js'
import { isEffective } from '../../model/change.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { ChangedMigrations } from './changed-migrations.js'
import { groupOf, isNoWorse, isNoWorseChain, isUnclean, isUncleanChain, isWrong, sameFailure } from './no-worse.js'

/**
 * Whether the proof shows something that the base may show as well. Nothing before the scope needs a second proof: there
 * files, settings and server are the same on both sides.
 */
export function needsBase(report: DatabaseReport, change: ChangedMigrations): boolean {
  const { isOwn } = ownOf(change)
  const wrong = report.migrations.filter(({ scope, proof }) => scope !== 'applied' && isWrong(proof))
  if (wrong.some((one) => groupOf(report, one).some((member) => !isOwn(member)))) return true
  return isUncleanChain(report.chain) && wrong.length === 0
}

/** The report with what was there before the change. `base` undefined: what the base shows is not known. */
export function withOlder(
  report: DatabaseReport,
  change: ChangedMigrations,
  base: DatabaseReport | undefined,
): DatabaseReport {
  const { isOwn, idAtBase } = ownOf(change)
  const inBase = (kind: Kind, id: string): MigrationReport | undefined =>
    base?.migrations.find((one) => one.kind === kind && one.id === id)
  const atBase = (members: readonly MigrationReport[]): MigrationReport | undefined => {
    const found = members.map((one) => inBase(one.kind, idAtBase(one))).find((one) => one !== undefined)
    const last = found?.proof?.toldAt
    return found === undefined || last === undefined ? found : inBase(found.kind, last)
  }
  const isOlder = (one: MigrationReport): boolean => {
    if (one.scope === 'applied') return isUnclean(one.proof)
    const members = groupOf(report, one)
    const { proof } = members.at(-1) ?? one
    if (!isUnclean(proof) || members.every(isOwn)) return false
    const before = atBase(members)?.proof
    return before !== undefined && isNoWorse(proof, before)
  }
  const seen = report.migrations.filter(isOlder)
  // Where the change builds on a step that cannot run here, that step says why nothing can be said about the change.
  const needed = new Set(
    report.migrations.flatMap((one) => (seen.includes(one) ? [] : (one.proof?.failure?.follows ?? []))),
  )
  const isNeeded = ({ id, proof }: MigrationReport): boolean =>
    proof?.failure?.environment !== undefined && needed.has(id)
  const older = new Set(seen.filter((one) => !isNeeded(one)))
  const steps = report.migrations.filter(({ kind }) => kind === 'schema')
  const { chain } = report
  const stop = steps.find(({ id }) => id === chain?.stoppedAt)
  // The base may not have got to it: then the step itself has shown the same fault.
  const stopsAtOlder =
    stop?.proof?.failure !== undefined && older.has(stop) && sameFailure(chain?.failure, stop.proof.failure)
  const isOlderChain =
    isUncleanChain(chain) &&
    (stopsAtOlder ||
      (base?.chain !== undefined &&
        isNoWorseChain(chain, base.chain, (side, id) =>
          steps.findIndex((one) => (side === 'now' ? one.id : idAtBase(one)) === id),
        )))
  return {
    ...report,
    migrations: report.migrations.map((one) => (older.has(one) ? { ...one, before: true } : one)),
    chain: chain && (isOlderChain ? { ...chain, before: true } : chain),
  }
}

type Kind = MigrationReport['kind']

/**
 * `isOwn`: the change touches what runs of the migration. One that only has another name is what it was. `idAtBase`: the
 * name that it has there.
 */
function ownOf(change: ChangedMigrations): {
  readonly isOwn: (one: Pick<MigrationReport, 'kind' | 'id'>) => boolean
  readonly idAtBase: (one: Pick<MigrationReport, 'kind' | 'id'>) => string
} {
  const streams: readonly (readonly [Kind, DatabaseChange])[] = [
    ['schema', change.schema],
    ['seed', change.seeds],
  ]
  const keyOf = (kind: Kind, id: string): string => `${kind} ${id}`
  const own = streams.flatMap(([kind, { added, edited, renamed }]) =>
    [
      ...added,
      ...edited.map(({ now }) => now),
      ...renamed.filter(({ up, down }) => isEffective(up) || isEffective(down)).map(({ now }) => now),
    ].map(({ id }) => keyOf(kind, id)),
  )
  const ids = new Set(own)
  const names = new Map(
    streams.flatMap(([kind, { renamed }]) =>
      renamed.map(({ now, before }) => [keyOf(kind, now.id), before.id] as const),
    ),
  )
  return {
    isOwn: ({ kind, id }) => ids.has(keyOf(kind, id)),
    idAtBase: ({ kind, id }) => names.get(keyOf(kind, id)) ?? id,
  }
}

/**
 * What of the base can be proved: without seeds in a programming language if one of them has changed, because only the
 * files of today are on the disk.
 */
export function provableBase(base: ReadDatabase, now: ReadDatabase): ReadDatabase {
  const { seeds } = base
  const modules = new Map(now.seeds?.migrations.map((seed) => [seed.module?.file, seed.module?.checksum]))
  const isThere = ({ module }: Migration): boolean =>
    module === undefined || modules.get(module.file) === module.checksum
  return seeds === undefined || seeds.migrations.every(isThere) ? base : { ...base, seeds: undefined }
}
