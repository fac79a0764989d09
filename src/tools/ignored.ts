// The files that a layout skips (one entry for many files of the same kind), and files that claim a version twice.
import type { Ignored } from '../report/check-report.js'
import type { SourceFile } from '../model/source.js'
import type { Problem } from '../model/finding.js'

/** `group` joins files of one kind: beyond a few, they make one entry under the pattern `group`. */
export type PassedOver = { readonly file: SourceFile; readonly reason: string; readonly group?: string }

const MANY = 3

/** A file of another kind than the layout reads: README, code, configuration. */
export const otherKind = (file: SourceFile): PassedOver => {
  const extension = /\.[^./]+$/.exec(file.name)?.[0]
  return {
    file,
    reason: 'not a migration: only .sql files are',
    ...(extension !== undefined && !/\.md$/i.test(extension) && { group: `*${extension}` }),
  }
}

/** The files in the folder itself, without hidden ones and those in subfolders. */
export const directFiles = (files: readonly SourceFile[]): readonly SourceFile[] =>
  files.filter((file) => !file.name.includes('/') && !file.name.startsWith('.'))

/** The folder that the files were listed from, without `/` at its end. */
export const folderOf = (file: SourceFile): string => file.path.slice(0, -file.name.length).replace(/\/$/, '')

/** One entry for each subfolder. `seeds` is a separate stream, so nothing is skipped there. */
export function subfolders(
  files: readonly SourceFile[],
  why = 'the tool does not look into subfolders',
): readonly Ignored[] {
  const counts = new Map<string, number>()
  for (const file of files) {
    const [top, ...rest] = file.name.split('/')
    if (top === undefined || rest.length === 0 || top === 'seeds' || top.startsWith('.')) continue
    const path = joined(folderOf(file), top)
    counts.set(path, (counts.get(path) ?? 0) + 1)
  }
  return [...counts].map(([path, count]) => ({ path, reason: `${why} (${countOf(count)})` }))
}

/** The entries for the report, in their order. Hidden files (`.gitkeep`) have none, hidden SQL has one. */
export function ignoredOf(passedOver: readonly PassedOver[]): readonly Ignored[] {
  const groups = groupsOf(passedOver.filter(({ file }) => !file.name.startsWith('.') || file.name.endsWith('.sql')))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first?.group === undefined || group.length <= MANY)
      return group.map(({ file, reason }) => ({ path: file.path, reason }))
    return [{ path: joined(folderOf(first.file), first.group), reason: `${first.reason} (${countOf(group.length)})` }]
  })
}

function groupsOf(passedOver: readonly PassedOver[]): ReadonlyMap<string, readonly PassedOver[]> {
  const groups = new Map<string, PassedOver[]>()
  for (const entry of passedOver) {
    const key = entry.group === undefined ? `file ${entry.file.path}` : `${entry.group} ${entry.reason}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [entry])
    else group.push(entry)
  }
  return groups
}

const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)
const countOf = (count: number): string => (count === 1 ? '1 file' : `${String(count)} files`)

/**
 * The claim of a file on a version: two with one `key` are the same migration to the tool. `key` is what the tool
 * compares; `version` is how it is written in the name.
 */
export type Claim = { readonly key: string; readonly version: string; readonly id: string; readonly file: string }

/** One problem for each file past the first that claims a version; `what` is a sentence: what the tool does then. */
export function duplicateProblems(claims: readonly Claim[], what: string): readonly Problem[] {
  const first = new Map<string, Claim>()
  return claims.flatMap((claim) => {
    const earlier = first.get(claim.key)
    if (earlier === undefined) {
      first.set(claim.key, claim)
      return []
    }
    return [
      {
        rule: 'duplicate-version',
        migration: claim.id,
        place: { file: claim.file, line: 1, column: 1 },
        message: `version ${claim.version} is taken twice: ${earlier.file} and ${claim.file}`,
        why: what,
        fix: `Give ${claim.file} the next free version.`,
        twin: earlier.file,
      },
    ]
  })
}
