// The files of a pairs folder that the tool passes over, refuses, or runs although nothing here reads them.
import type { HistoryKind } from '../../model/config.js'
import type { SourceFile } from '../../model/source.js'
import { versionKey } from '../../model/version.js'
import type { NameReading } from '../../state/history.js'
import { isDirection, readingBy, golangMigrateReads, SEEDS } from './tool-names.js'
import {
  isDump,
  isLeftover,
  isNamedAsMigration,
  isSqlLike,
  otherHalf,
  renames,
  unclear,
  type LeftOut,
  type SameVersion,
} from '../left-out.js'
import { meantDirection, type NoSide, type Side, type Sides } from './direction.js'
import { beside, isFlyway } from './flyway.js'
import { inNumberedFolders } from './numbered-folders.js'
import { parsePairName } from './name.js'

/**
 * `files` are those of the folder itself, hidden ones too, without `known` ones: sides, code, scripts for other servers.
 * `kind` is the configured tool; where there is none, golang-migrate is the one that most such folders are for. No tool
 * reads `SEEDS`.
 */
export function leftOutOf(options: {
  readonly files: readonly SourceFile[]
  readonly known: ReadonlySet<SourceFile>
  readonly found: Sides
  readonly kind: HistoryKind | undefined
}): readonly LeftOut[] {
  const { files, known, found, kind } = options
  const isSeeds = kind === SEEDS
  const reads = readingBy(kind) ?? golangMigrateReads
  const reasons = new Map(found.others.map((other) => [other.file, other]))
  const same = (file: SourceFile): SameVersion | undefined => sameVersion(file, found.sides, reads)
  const rename = renames({
    titles: found.sides.map(({ name }) => name),
    same,
    ended: (name) => (isDirection(reads(name)) ? name : name.replace(/\.sql$/, '.up.sql')),
  })
  const open = files.filter((file) => !known.has(file) && !file.name.includes('/'))
  const halves = new Map(open.flatMap((file) => (isDown(file) ? [[file.name.toLowerCase(), file]] : [])))
  const paired = new Set<SourceFile>()
  const judge = (file: SourceFile): LeftOut | undefined => {
    const { path, name } = file
    const reading = reads(name)
    const half = isDown(file) ? undefined : halves.get(otherHalf(name).toLowerCase())
    const about = { file: path, ...(half !== undefined && { half: half.path }) }
    if (half !== undefined) paired.add(half)
    if (isDirection(reading) && !isSeeds) {
      const right = rename(file)
      const kept = right.renaming.kept
      const isRight = kept !== undefined && kept.name !== name && isSqlLike(name)
      return {
        ...about,
        ...unproved(file, kind),
        ...(isRight && { ...right, renaming: { ...right.renaming, kept: { ...kept, runs: true } } }),
      }
    }
    if (reading === 'refuses' && kind !== undefined && !isSeeds) {
      const why = `${kind} stops at such a name, for every command.`
      return {
        ...about,
        effect: 'refuses',
        message: `${kind} cannot read the file name ${name}`,
        why,
        ...(isSqlLike(name) ? rename(file) : { fix: 'Move it to another folder.' }),
      }
    }
    if (!isSqlLike(name) || isLeftover(name)) return undefined
    const flyways = isFlyway(found.sides) ? beside(file) : undefined
    if (flyways !== undefined) return flyways
    const reason = reasons.get(file)
    if (reason?.lacks !== 'one direction' && !isNamedAsMigration(name)) {
      const isQuiet = isSeeds || isDump(name) || inNumberedFolders(files) !== undefined
      return isQuiet ? undefined : unclear(file, kind ?? 'the tool')
    }
    const fix = fixOf(file, { reason, isFree: same(file) !== undefined })
    const right = fix === undefined ? rename(file) : { fix }
    return { ...about, effect: 'passes over', message: messageOf(file, reason), why: whyOf(kind), ...right }
  }
  // An up goes first and takes its down with it.
  return [...open.filter((file) => !isDown(file)), ...open.filter(isDown)].flatMap((file) =>
    paired.has(file) ? [] : (judge(file) ?? []),
  )
}

const isDown = ({ name }: SourceFile): boolean => /\.down\.\w+$/i.test(name)

const whyOf = (kind: HistoryKind | undefined): string =>
  kind === SEEDS
    ? 'The file is skipped, so it never runs.'
    : kind === undefined
      ? 'golang-migrate and other tools that read this folder skip the file silently, so it never runs.'
      : `${kind} skips the file silently, so it never runs.`

function messageOf({ name }: SourceFile, reason: NoSide | undefined): string {
  const capital = inCapitals(name)
  if (capital !== undefined) return `${name} writes "${capital}" in capital letters`
  if (!name.endsWith('.sql')) return `${name} does not end in .sql`
  switch (reason?.lacks) {
    case 'one direction':
      return `${name} has the markers of ${reason.tool}, which keeps both directions in one file`
    case 'direction':
      return `${name} states neither up nor down`
    case 'title':
      return `${name} has no title, so golang-migrate passes over it`
    case 'the rule':
      return `${name} is not named <version>_<title>.up.sql`
    case 'version':
    case undefined:
      return `${name} has no version in front`
  }
}

/** In words, where no name is right. `isFree`: the file can have its own version under another name. */
function fixOf(
  file: SourceFile,
  { reason, isFree }: { readonly reason: NoSide | undefined; readonly isFree: boolean },
): string | undefined {
  if (reason?.lacks === 'one direction') {
    return `Keep each direction in a file of its own (.up.sql, .down.sql), or move ${file.name} to the folder of ${reason.tool}.`
  }
  if (reason?.lacks !== 'direction' || isFree || inCapitals(file.name) !== undefined) return undefined
  const stem = file.name.replace(/\.sql$/, '')
  return `Rename it to ${stem}.up.sql, and write ${stem}.down.sql.`
}

function inCapitals(name: string): string | undefined {
  const word = /\.(up|down)\.\w+$/i.exec(name)?.[1]
  return word === word?.toLowerCase() ? undefined : word
}

/** The name with the same version that the tool runs, where it is free. */
function sameVersion(
  { name }: SourceFile,
  sides: readonly Side[],
  reads: (name: string) => NameReading,
): SameVersion | undefined {
  const plain = name
    .replace(/\.(?:sql|psql|pgsql)$/i, '.sql')
    .replace(/\.(?:up|down)(?=\.)/gi, (word) => word.toLowerCase())
    .replace(/(?<=\.)[a-z]+(?=\.sql$)/i, (word) => meantDirection(word) ?? word)
    .replace(/^[^\p{L}\p{N}-]+(?=\d)/u, '')
  const nameless = parsePairName(plain)?.name === ''
  const number = /^\d*/.exec(plain)?.[0] ?? ''
  const title = sides.find(({ key }) => key === versionKey(number))?.name
  const titled = nameless
    ? `${number}_${title === undefined || title === '' ? 'change' : title}${plain.slice(number.length)}`
    : plain.replace(/^(\d+)[-. ]+(?=\p{L}.*\.(?:up|down)\.)/u, '$1_')
  const direction = reads(titled)
  const parsed = parsePairName(titled)
  if (parsed === undefined || !isDirection(direction)) return undefined
  const key = versionKey(parsed.version)
  const own = sides.filter((side) => side.key === key)
  if (own.some((side) => side.direction === direction)) return undefined
  return { name: titled, version: parsed.version, ...(own[0] && { of: own[0].id }) }
}

/** golang-migrate looks at the number and at `.up.`, and not at the ending. */
const unproved = ({ path, name }: SourceFile, kind: HistoryKind | undefined): LeftOut => {
  const tool = kind ?? 'golang-migrate'
  const sql = name.replace(/(\.(?:up|down)\.).*$/i, '$1sql')
  return {
    file: path,
    effect: 'runs',
    message: `${tool} runs ${name}, and nothing has proved it: it is not read here`,
    why: `${tool} knows it by the number in front, and production gets it with the others.`,
    fix:
      sql === name
        ? 'If it is a migration, give it a version of digits alone. If not, move it out of the folder.'
        : `If it is a migration, name it ${sql}. If not, move it out of the folder.`,
  }
}
