// What the rules find in a database as the base of a change has it.
import type { Settings } from '../../config/settings.js'
import { impactOf } from '../../model/config.js'
import type { Finding } from '../../model/finding.js'
import type { ChangedMigrations } from './changed-migrations.js'
import { proveDatabase, type ProvedDatabase } from './prove-database.js'
import { runDatabaseRules } from './run-rules.js'
import { applyWaivers } from './waivers.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { World } from '../shared/context.js'

/** A database as the base of the change has it, with its proof. */
export type ProvedBase = Pick<ProvedDatabase, 'report' | 'effects'> & { readonly read: ReadDatabase }

/**
 * The findings at the base, with the places of the files here. With the levels of today, and the waivers of the base. `base`
 * is its proof, where there was one. Undefined where the base cannot be read.
 */
export async function findingsAtBase(options: {
  readonly change: ChangedMigrations
  readonly base: ProvedBase | undefined
  readonly settings: Settings
  readonly world: World
}): Promise<readonly Finding[] | undefined> {
  const { change, base, settings, world } = options
  const read = base?.read ?? (await change.base.read())
  if (read === undefined) return undefined
  const { report, effects } = base ?? (await readOnly(read, settings, world))
  const { pathNow } = change.base
  const now = world.clock.now()
  const files = [...read.schema.files, ...(read.seeds?.files ?? [])].map(({ path }) => path)
  const judged = new Set(files.filter((path) => change.changedFiles.has(pathNow(path))))
  const found = runDatabaseRules({ read, report, effects, config: settings, judged, now })
  const { findings } = applyWaivers({
    sorted: { findings: found, setAside: [] },
    read,
    report,
    config: { checks: settings.checks, waivers: (change.base.settings ?? settings).waivers },
    compared: false,
    now,
  })
  return findings.map((finding) =>
    finding.place === undefined
      ? finding
      : { ...finding, place: { ...finding.place, file: pathNow(finding.place.file) } },
  )
}

const readOnly = (read: ReadDatabase, settings: Settings, world: World): Promise<ProvedDatabase> =>
  proveDatabase({
    read,
    change: undefined,
    scope: 'all',
    unit: undefined,
    server: undefined,
    snapshots: 'guided',
    world,
    seedCost: 0,
    fix: false,
    watch: 'none',
    impact: impactOf(settings, read.config),
    signal: world.signal,
    elapsed: 0,
  })
