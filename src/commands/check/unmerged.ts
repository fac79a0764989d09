// Which migrations are not merged yet, where a check is asked about no change: they are watched, and findings about others are older.
import type { Settings } from '../../config/settings.js'
import { UserError } from '../../model/errors.js'
import type { Finding } from '../../model/finding.js'
import type { Repository } from '../../ports/files.js'
import type { CheckRequest } from '../../requests/request.js'
import { IMPACT_RULES } from '../../rules/index.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { World } from '../shared/context.js'
import type { ComparisonBase } from './base.js'
import { readBaseSettings } from './base-database.js'
import { proofScope, readChangedMigrations, touchedIds } from './changed-migrations.js'
import type { SortedFindings } from './known-findings.js'

/** Names of the branch that others merge into, the likeliest first. */
const DEFAULT_BRANCHES = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master']

/**
 * Where this commit leaves the default branch that git knows here; its own commit on that branch. It was not asked for, so
 * nothing is fetched. Undefined where the request
 * compares with something, or asks for no impact, and where git knows no such branch.
 */
export async function findMerged(
  { against, impact, proof }: CheckRequest,
  repository: Repository,
): Promise<ComparisonBase | undefined> {
  if (against?.event !== 'nothing' || against.look !== 'unmerged') return undefined
  if (impact === 'none' || proof === 'none' || (await repository.trouble()) !== undefined) return undefined
  const head = await repository.commit('HEAD')
  for (const branch of DEFAULT_BRANCHES) {
    const tip = head && (await repository.commit(branch))
    if (head === undefined || tip === undefined) continue
    const base = tip === head ? head : await repository.mergeBase(head, tip)
    if (base === undefined) return undefined
    const report = { event: 'asked', base, tip: base, branch, head, pull: undefined, notSeen: [] } as const
    return { report, base: repository.at(base), tip: repository.at(base) }
  }
  return undefined
}

/** `from`: the index of the first one. `ids` of all; migrations that come later may be merged. */
export type Unmerged = { readonly from: number; readonly ids: ReadonlySet<string> }

/** Undefined where nothing is known of the merged ones. */
export async function unmergedIn(
  read: ReadDatabase,
  { basis, settings, world, file }: Basis,
): Promise<Unmerged | undefined> {
  if (basis === undefined) return undefined
  try {
    const baseSettings = await readBaseSettings({ base: basis.base, files: world.files, now: settings, file })
    const change = await readChangedMigrations({ read, basis, settings, baseSettings, world })
    const ids = new Set(touchedIds(change.schema))
    const scope = proofScope(read.schema, { ...change, supportingFiles: 'same' })
    return { from: typeof scope === 'number' ? scope : read.schema.migrations.length, ids }
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

type Basis = {
  readonly basis: ComparisonBase | undefined
  readonly settings: Settings
  readonly world: World
  readonly file: string | undefined
}

const ABOUT_IMPACT: ReadonlySet<string> = new Set(IMPACT_RULES.map(({ id }) => id))

/** What a merged migration does to a database was deployed, or decided on, before. */
export function withoutMerged(findings: readonly Finding[], unmerged: Unmerged | undefined): SortedFindings {
  if (unmerged === undefined) return { findings, setAside: [] }
  const isOlder = ({ rule, migration }: Finding): boolean =>
    ABOUT_IMPACT.has(rule) && migration !== undefined && !unmerged.ids.has(migration)
  return {
    findings: findings.filter((finding) => !isOlder(finding)),
    setAside: findings.filter(isOlder).map((finding) => ({ ...finding, debt: 'stood before' as const })),
  }
}
