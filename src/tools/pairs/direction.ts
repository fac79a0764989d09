// Which files of a folder are ups, which are downs, and which are neither: the style of the whole folder decides.
import { distance } from 'fastest-levenshtein'
import type { HistoryKind } from '../../model/config.js'
import type { Direction } from '../../model/migration.js'
import type { SourceFile } from '../../model/source.js'
import { versionKey } from '../../model/version.js'
import { directFiles, type PassedOver } from '../ignored.js'
import { foreignTool, markedFor } from '../markers.js'
import { inNumberedFolders, parseInFolder } from './numbered-folders.js'
import { statesDirection, type PairName, type Reading, type Style } from './name.js'
import { readingBy, sqlxReads } from './tool-names.js'

/** A file that is one direction of a migration. `plain`: nothing in the name says up, the folder's style does. */
export type Side = {
  readonly file: SourceFile
  readonly parsed: PairName
  readonly key: string
  readonly direction: Direction
  readonly style: Style | 'plain'
  readonly word: string
  readonly name: string
  readonly id: string
}

/**
 * A `.sql` file that is no direction of a migration, because its name has no version, no direction or no title, because
 * `tool` keeps both directions in one file, or because the configured tool has another rule.
 */
export type NoSide = { readonly file: SourceFile } & (
  | { readonly lacks: 'version' | 'direction' | 'title' | 'the rule' }
  | { readonly lacks: 'one direction'; readonly tool: string }
)

/** `simple` are the sides that sqlx runs as ups without a down beside pairs, and that golang-migrate passes over. */
export type Sides = {
  readonly sides: readonly Side[]
  readonly simple: ReadonlySet<Side>
  readonly others: readonly NoSide[]
  readonly passedOver: readonly PassedOver[]
}

type Named = { readonly file: SourceFile; readonly parsed: PairName; readonly key: string }

/**
 * `.sql` files of the folder itself -> their directions. Files of other kinds are left to the caller. `kind` is the
 * configured tool: then its own rule decides. For `SEEDS` no
 * tool's does.
 */
export function sidesOf(files: readonly SourceFile[], kind?: HistoryKind): Sides {
  const passedOver: PassedOver[] = []
  const others: NoSide[] = []
  const named: Named[] = []
  const all = [...directFiles(files), ...(inNumberedFolders(files) ?? [])]
  for (const file of all.filter((candidate) => candidate.name.endsWith('.sql'))) {
    const parsed = parseInFolder(file.name)
    if (parsed === undefined) others.push({ file, lacks: 'version' })
    else if (parsed.dialect !== 'any' && parsed.dialect !== 'postgres') {
      passedOver.push({ file, reason: `written for ${parsed.dialect}`, group: `*.${parsed.dialect}.*` })
    } else named.push({ file, parsed, key: versionKey(parsed.version) })
  }

  const reads = readingBy(kind)
  const styles = establishedStyles(named)
  const sides: Side[] = []
  const silent: Named[] = []
  for (const entry of named) {
    const reading = entry.parsed.readings.find(({ certain, style }) => certain || styles.has(style))
    if (reading === undefined && reads === undefined && isMeantForOneDirection(entry.file.name))
      others.push({ file: entry.file, lacks: 'direction' })
    else if (reading === undefined) silent.push(entry)
    else sides.push(sideOf(entry, reading))
  }

  const isUp = plainHabit(sides, silent)
  const isSimple = simpleBeside(sides, all)
  const simple = new Set<Side>()
  for (const entry of silent) {
    const tool = markedFor(entry.file.text) ?? foreignTool(entry.file.text)
    if (tool !== undefined) others.push({ file: entry.file, lacks: 'one direction', tool })
    else if (reads === undefined ? isUp(entry) : reads(entry.file.name) === 'up') sides.push(plainSide(entry))
    else if (kind === undefined && isSimple(entry)) {
      const side = plainSide(entry)
      sides.push(side)
      simple.add(side)
    } else others.push({ file: entry.file, lacks: 'direction' })
  }
  const isRead = reads === undefined ? (kind === undefined ? titled(sides) : () => true) : ruled(reads)
  others.push(
    ...sides.flatMap((side): readonly NoSide[] =>
      isRead(side) ? [] : [{ file: side.file, lacks: isNameless(side) ? 'title' : 'the rule' }],
    ),
  )
  return { sides: sides.filter(isRead), simple, others, passedOver }
}

/** The tools that pair `.up.sql` with `.down.sql` want `_` behind the number: one that does not is at work where most have none. */
function titled(sides: readonly Side[]): (side: Side) => boolean {
  const nameless = sides.filter(isNameless)
  const inStyle = sides.filter(({ style, word }) => style === 'dot' && (word === 'up' || word === 'down'))
  return nameless.length > inStyle.length / 2 ? () => true : (side) => !isNameless(side)
}

/** `2019031301.up.sql`: nothing between the number and the direction, not even `_`. */
export const isNameless = ({ style, word, parsed, id }: Side): boolean =>
  style === 'dot' && (word === 'up' || word === 'down') && id.endsWith(`${parsed.lead}${parsed.version}`)

/** A chain in numbered folders is of no such tool. */
const ruled =
  (reads: NonNullable<ReturnType<typeof readingBy>>) =>
  ({ file, direction }: Side): boolean =>
    file.name.includes('/') || reads(file.name) === direction

/** What is in the folder itself and is not a `.sql` file. */
export const otherFiles = (files: readonly SourceFile[]): readonly SourceFile[] =>
  directFiles(files).filter((file) => !file.name.endsWith('.sql'))

/** Ways to state a direction that are seen with both directions of one migration, so that `sign_up` is not read as an up. */
function establishedStyles(named: readonly Named[]): ReadonlySet<Style> {
  const keyOf = (entry: Named, style: string, name: string): string => `${style} ${entry.key} ${name}`
  const seen = new Map<string, Set<Direction>>()
  const plain = new Set(named.map((entry) => keyOf(entry, 'plain', entry.parsed.name)))
  const styles = new Set<Style>()
  for (const entry of named) {
    for (const { style, direction, name } of entry.parsed.readings) {
      const key = keyOf(entry, style, name)
      const directions = (seen.get(key) ?? new Set()).add(direction)
      seen.set(key, directions)
      const beside =
        direction === 'down' && (style === 'dot' || style === 'suffix') && plain.has(keyOf(entry, 'plain', name))
      if (directions.size === 2 || beside) styles.add(style)
    }
  }
  return styles
}

/**
 * A file that states no direction is an up in three cases. Its version has a down but no up (`1_x.sql`,
 * `1_x.down.sql`). Or no file states up (sqlx's simple migrations). Or most files are like it.
 */
function plainHabit(sides: readonly Side[], silent: readonly Named[]): (entry: Named) => boolean {
  const ups = sides.filter((side) => side.direction === 'up')
  const withUp = new Set(ups.map((side) => side.key))
  const withDown = new Set(sides.filter((side) => side.direction === 'down').map((side) => side.key))
  const lonely = silent.filter((entry) => isPlain(entry) && !withUp.has(entry.key))
  return (entry) =>
    isPlain(entry) &&
    !withUp.has(entry.key) &&
    (withDown.has(entry.key) || ups.length === 0 || lonely.length > ups.length)
}

const isPlain = ({ parsed }: Named): boolean => /^v?$/i.test(parsed.lead)

/** Whether sqlx would run a file as a simple migration: it reads the folder, and nothing in it is of another tool. */
function simpleBeside(sides: readonly Side[], files: readonly SourceFile[]): (entry: Named) => boolean {
  const ups = new Set(sides.filter(({ direction }) => direction === 'up').map(({ key }) => key))
  const fits =
    sides.some(({ style, word }) => style === 'dot' && word === 'up') &&
    sides.every(({ parsed }) => parsed.dialect === 'any' && parsed.transaction === undefined) &&
    files.every(({ name }) => sqlxReads(name) !== 'refuses')
  return ({ file, key }) => fits && sqlxReads(file.name) === 'up' && file.unreadable === undefined && !ups.has(key)
}

/** `1_x.DOWN.sql`, `1_x.upp.sql`: with a direction in capital letters or with a slip a file is no up of its own. */
function isMeantForOneDirection(fileName: string): boolean {
  const [, word] = /\.([^.]*)\.sql$/.exec(fileName) ?? []
  return word !== undefined && (statesDirection(word) || meantDirection(word) !== undefined)
}

const sideOf = ({ file, parsed, key }: Named, reading: Reading): Side => ({
  file,
  parsed,
  key,
  direction: reading.direction,
  style: reading.style,
  word: reading.word,
  name: reading.name,
  id: reading.id,
})

const plainSide = ({ file, parsed, key }: Named): Side => ({
  file,
  parsed,
  key,
  direction: 'up',
  style: 'plain',
  word: '',
  name: parsed.name,
  id: parsed.id,
})

/**
 * The direction that a mistyped word was meant to be: at most two letters differ, and the first one or all are the same.
 * Undefined for words that state one.
 */
export const meantDirection = (written: string): Direction | undefined =>
  statesDirection(written)
    ? undefined
    : (['up', 'down'] as const).find(
        (word) =>
          distance(written.toLowerCase(), word) <= 2 &&
          (written[0]?.toLowerCase() === word[0] || lettersOf(written.toLowerCase()) === lettersOf(word)),
      )

const lettersOf = (word: string): string => word.split('').toSorted().join('')
