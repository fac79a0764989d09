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
  'pull-clash',
  'version-gap',
  'file-name-words',
]

/** All files of migrations, for every later rule. */
export const sameFiles = (...migrations: readonly Migration[]): readonly Same[] =>
  migrations.flatMap(filesOf).map((file) => ({ file }))

/** Without what another finding covers with its `same`, and without that. */
export function oneOffence(findings: readonly (Finding & { readonly same?: readonly Same[] })[]): readonly Finding[] {
  const covered = new Set<Finding>()
  for (const finding of findings.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    if (covered.has(finding)) continue
    for (const other of findings) if (covers(finding, other)) covered.add(other)
  }
  return findings.filter((finding) => !covered.has(finding)).map(({ same: _, ...finding }) => finding)
}

const rankOf = ({ rule }: Finding): number => (ORDER.includes(rule) ? ORDER.indexOf(rule) : ORDER.length)

function covers({ rule, same = [] }: Finding & { readonly same?: readonly Same[] }, other: Finding): boolean {
  const file = other.place?.file
  return same.some(
    (one) =>
      one.file === file &&
      (one.by === undefined ? ORDER.slice(ORDER.indexOf(rule) + 1).includes(other.rule) : one.by.includes(other.rule)),
  )
}
