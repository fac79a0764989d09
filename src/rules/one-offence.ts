// One offence is one finding: rules about names, numbers and pairs that see the same fault leave it to the first of them.
import { filesOf, type Migration } from '../model/migration.js'
import type { Finding } from '../model/finding.js'
import type { Same } from './rule.js'

/** The first one that reports a fault knows most about it. */
const ORDER = [
  'merged-renamed',
  'merged-deleted',
  'unpaired',
  'version-taken',
  'version-late',
  'duplicate-version',
  'merged-repaired',
  'merged-edited',
  'merged-down-edited',
  'file-name',
  'never-runs',
  'pull-clash',
  'version-gap',
  'file-name-words',
]

type FoundFinding = Finding & { readonly same?: readonly Same[] }

/** All files of migrations, for every later rule. */
export const sameFiles = (...migrations: readonly Migration[]): readonly Same[] =>
  migrations.flatMap(filesOf).map((file) => ({ file }))

/** Without what another finding covers with its `same`, and without that. */
export function oneOffence(findings: readonly FoundFinding[]): readonly Finding[] {
  const byFile = new Map<string, FoundFinding[]>()
  for (const finding of findings) {
    const file = finding.place?.file ?? ''
    const own = byFile.get(file)
    if (own === undefined) byFile.set(file, [finding])
    else own.push(finding)
  }
  const covered = new Set<Finding>()
  for (const finding of findings.filter(({ same }) => same !== undefined).toSorted((a, b) => rankOf(a) - rankOf(b))) {
    if (covered.has(finding)) continue
    for (const { file, by = ORDER.slice(rankOf(finding) + 1) } of finding.same ?? []) {
      for (const other of byFile.get(file) ?? []) if (by.includes(other.rule)) covered.add(other)
    }
  }
  return findings.filter((finding) => !covered.has(finding)).map(withoutSame)
}

/** As a report has it. */
function withoutSame(found: FoundFinding): Finding {
  const { same, ...finding } = found
  return same === undefined ? found : finding
}

const rankOf = ({ rule }: Finding): number => (ORDER.includes(rule) ? ORDER.indexOf(rule) : ORDER.length)
