// Halves of a migration that do not find each other because the name of one is mistyped.
import { distance } from 'fastest-levenshtein'
import { filesOf, versionedOf, type Direction, type Migration } from '../../model/migration.js'
import { sameVersion } from '../../model/version.js'
import type { Move } from '../../model/tool.js'
import { newNumberOf } from '../numbers.js'
import { isLoneDown, twinsOf } from '../read-input.js'
import type { RuleInput } from '../rule.js'

/** A half and the file that should be the other one. `move` makes it that. `how` says what differs. */
export type NearHalf = {
  readonly migration: Migration
  readonly missing: Direction
  readonly file: string
  readonly move: Move | undefined
  readonly how: 'version' | 'name' | 'word'
}

/** Each half and each file at most once. `open` are the halves without the other one. */
export function nearHalves(input: RuleInput, open: readonly Migration[]): readonly NearHalf[] {
  const { directions } = input.tool
  if (directions.in === 'one file') return []
  const ups = open.filter((one) => one.up !== undefined && one.irreversible === undefined)
  const downs = open.filter((one) => isLoneDown(input, one))
  const found: NearHalf[] = []
  const isFree = (file: string): boolean =>
    !found.some((near) => near.file === file || filesOf(near.migration).includes(file))
  const pairUp = (how: 'version' | 'name', isPair: (up: Migration, down: Migration) => boolean): void => {
    for (const down of downs) {
      const up = ups.find((one) => isPair(one, down) && isFree(one.up?.file ?? ''))
      if (up !== undefined && isFree(down.down?.file ?? '')) found.push(pairOf(input, { up, down, how }))
    }
  }
  pairUp('name', (up, down) => sameVersion(up.version, down.version))
  const loose = looseFiles(input)
  for (const migration of [...ups, ...downs]) {
    const own = migration.up?.file ?? migration.down?.file ?? ''
    const missing = migration.up === undefined ? 'up' : 'down'
    const expected = directions.otherFile(own, missing)
    const file = expected === undefined ? undefined : loose.find((path) => isFree(path) && isNear(path, expected))
    if (expected === undefined || file === undefined || !isFree(own)) continue
    const target = directions.otherFile(newPathOf(input, migration, own), missing) ?? expected
    found.push({ migration, missing, file, move: { from: file, to: target }, how: 'word' })
  }
  pairUp('version', (up, down) => up.name === down.name && up.name !== '')
  return found
}

/** What is on the base branch stays, and what has a version of its own; the other half takes its name. */
function pairOf(
  input: RuleInput,
  { up, down, how }: { readonly up: Migration; readonly down: Migration; readonly how: NearHalf['how'] },
): NearHalf {
  const [upFile, downFile] = [up.up?.file ?? '', down.down?.file ?? '']
  const isMerged = (file: string): boolean => input.change?.baseTexts.has(file) === true
  const isShared = (one: Migration): boolean => twinsOf(input).some(({ migrations }) => migrations.includes(one))
  const upMoves = isMerged(upFile) === isMerged(downFile) ? isShared(up) && !isShared(down) : isMerged(downFile)
  const [migration, missing, kept, file] = upMoves
    ? ([down, 'up', downFile, upFile] as const)
    : ([up, 'down', upFile, downFile] as const)
  const to = otherOf(input, newPathOf(input, migration, kept), missing)
  return { migration, missing, file, how, move: to === undefined ? undefined : { from: file, to } }
}

/** The path of a file after what other findings suggest. */
export const newPathOf = (input: RuleInput, migration: Migration, file: string): string =>
  newNumberOf(input, migration)?.moves.find(({ from }) => from === file)?.to ?? file

const otherOf = ({ tool: { directions } }: RuleInput, file: string, to: Direction): string | undefined =>
  directions.in === 'two files' ? directions.otherFile(file, to) : undefined

/** Files that belong to no migration. */
function looseFiles({ migrations, files }: RuleInput): readonly string[] {
  const known = new Set(migrations.flatMap(filesOf))
  return files.filter(({ path, unreadable }) => !known.has(path) && unreadable === undefined).map(({ path }) => path)
}

/** Whether a name was probably meant to be another one in the same folder. */
export function isNear(path: string, expected: string): boolean {
  const cut = expected.lastIndexOf('/') + 1
  if (path.slice(0, cut) !== expected.slice(0, cut)) return false
  const [written, meant] = [path.slice(cut).toLowerCase(), expected.slice(cut).toLowerCase()]
  if (written.includes('/') || (/^\D*\d*/.exec(written)?.[0] !== /^\D*\d*/.exec(meant)?.[0] && /\d/.test(meant)))
    return false
  return written.startsWith(`${meant}.`) || meant === `${written}.sql` || distance(written, meant) <= MOST_EDITS
}

/** Two letters in the wrong order are two edits. */
const MOST_EDITS = 2

/** The halves without the other one among migrations with a version. */
export const openHalves = (input: RuleInput): readonly Migration[] =>
  versionedOf(input.migrations).filter(
    ({ up, down, code }) => code === undefined && (up === undefined) !== (down === undefined),
  )
