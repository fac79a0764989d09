// Separates the findings that count from those in files that the change does not touch.
import type { Finding } from '../../model/finding.js'
import { environment } from '../../rules/proof/environment.js'
import { CHANGE_RULES, PROOF_RULES } from '../../rules/index.js'
import { filesOf } from '../../model/migration.js'
import type { DatabaseReport } from '../../report/check-report.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { ChangedMigrations } from './changed-migrations.js'

/** `findings` count for the verdict; `setAside` do not. */
export type SortedFindings = { readonly findings: readonly Finding[]; readonly setAside: readonly Finding[] }

/** Rules of proofs and comparisons are about the change. Findings of other rules may be older than the change. */
const ABOUT_THE_CHANGE = new Set([...PROOF_RULES, ...CHANGE_RULES].map(({ id }) => id))

/**
 * With a change, findings in files count only for the files that it touches (`fresh`), and findings about the server only
 * for proved migrations.
 */
export function separateKnownFindings(
  findings: readonly Finding[],
  { fresh, report }: { readonly fresh: ReadonlySet<string> | undefined; readonly report: DatabaseReport },
): SortedFindings {
  if (fresh === undefined) return { findings, setAside: [] }
  const onlyApplied = new Set(report.migrations.flatMap(({ id, scope }) => (scope === 'applied' ? [id] : [])))
  const isOld = ({ rule, place, migration }: Finding): boolean =>
    (rule === environment.id && migration !== undefined && onlyApplied.has(migration)) ||
    (!ABOUT_THE_CHANGE.has(rule) && place !== undefined && !fresh.has(place.file))
  return {
    findings: findings.filter((finding) => !isOld(finding)),
    setAside: findings.filter(isOld).map((finding) => ({ ...finding, debt: 'stood before' })),
  }
}

/** The files of touched migrations, and new or changed files that belong to no migration. */
export function touchedFiles(read: ReadDatabase, { schema, seeds, baseTexts }: ChangedMigrations): ReadonlySet<string> {
  const touched = [schema, seeds].flatMap(({ added, edited, renamed }) => [
    ...added,
    ...[...edited, ...renamed].map(({ now }) => now),
  ])
  const known = new Set([...read.schema.migrations, ...(read.seeds?.migrations ?? [])].flatMap(filesOf))
  const others = [...read.schema.files, ...(read.seeds?.files ?? [])]
    .filter(({ path, text }) => !known.has(path) && baseTexts.get(path) !== text)
    .map(({ path }) => path)
  return new Set([...touched.flatMap(filesOf), ...others])
}
