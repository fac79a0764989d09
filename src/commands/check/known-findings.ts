// Which findings count, and which are known and stand apart.
import type { Finding } from '../../model/finding.js'
import { environment } from '../../rules/proof/environment.js'
import { CHANGE_RULES, PROOF_RULES } from '../../rules/index.js'
import { filesOf } from '../../model/migration.js'
import type { DatabaseReport } from '../../report/check-report.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { ReadChange } from './changed-migrations.js'

export type Sorted = { readonly findings: readonly Finding[]; readonly setAside: readonly Finding[] }

/** What a proof or a comparison finds is about the change; what the files alone show may have stood there before. */
const ABOUT_NOW = new Set([...PROOF_RULES, ...CHANGE_RULES].map(({ id }) => id))

/**
 * With a change to compare with, what the files alone show counts only for files that it touches (`fresh`), and what the server
 * lacks only for what is proved. Two migrations under one version are told by the rule that knows who came first.
 */
export function withoutOld(
  findings: readonly Finding[],
  { fresh, report }: { readonly fresh: ReadonlySet<string> | undefined; readonly report: DatabaseReport },
): Sorted {
  if (fresh === undefined) return { findings, setAside: [] }
  const taken = new Set(findings.filter(({ rule }) => rule === 'version-taken').map(({ migration }) => migration))
  const told = findings.filter(({ rule, migration }) => rule !== 'duplicate-version' || !taken.has(migration))
  const onlyRun = new Set(report.migrations.flatMap(({ id, scope }) => (scope === 'applied' ? [id] : [])))
  const stood = ({ rule, place, migration }: Finding): boolean =>
    (rule === environment.id && migration !== undefined && onlyRun.has(migration)) ||
    (!ABOUT_NOW.has(rule) && place !== undefined && !fresh.has(place.file))
  return {
    findings: told.filter((finding) => !stood(finding)),
    setAside: told.filter(stood).map((finding) => ({ ...finding, debt: 'stood before' })),
  }
}

/** Files of touched migrations, and those that belong to none and were not there before. */
export function filesTouched(read: ReadDatabase, { schema, seeds, before }: ReadChange): ReadonlySet<string> {
  const touched = [schema, seeds].flatMap(({ added, edited, renamed }) => [
    ...added,
    ...[...edited, ...renamed].map(({ now }) => now),
  ])
  const known = new Set([...read.schema.migrations, ...(read.seeds?.migrations ?? [])].flatMap(filesOf))
  const others = [...read.schema.files, ...(read.seeds?.files ?? [])]
    .filter(({ path, text }) => !known.has(path) && before.get(path) !== text)
    .map(({ path }) => path)
  return new Set([...touched.flatMap(filesOf), ...others])
}
