// Which files of a folder are ups, which are downs, and which are neither: the style of the whole folder decides.
import type { Direction } from '../../model/migration.js'
import { nextVersion } from '../../model/next-version.js'
import type { SourceFile } from '../../model/source.js'
import { compareNumbers, versionKey } from '../../model/version.js'
import { directFiles, type PassedOver } from '../ignored.js'
import { foreignTool, markedFor } from '../markers.js'
import { inNumberedFolders, parseInFolder } from './numbered-folders.js'
import { type PairName, type Reading, type Style } from './name.js'

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

/** `odd` are versioned `.sql` files that state no direction, in a folder whose style is to state one. */
export type Sides = {
  readonly sides: readonly Side[]
  readonly odd: readonly { readonly file: SourceFile; readonly message: string; readonly fix: string }[]
  readonly passedOver: readonly PassedOver[]
}

type Named = { readonly file: SourceFile; readonly parsed: PairName; readonly key: string }

/** `.sql` files of the folder itself -> their directions. Files of other kinds are left to the caller. */
export function sidesOf(files: readonly SourceFile[]): Sides {
  const passedOver: PassedOver[] = []
  const odd: Sides['odd'][number][] = []
  const named: Named[] = []
  const unversioned: SourceFile[] = []
  const own = directFiles(files)
  const all = [...own, ...(inNumberedFolders(files) ?? [])]
  for (const file of all.filter((candidate) => candidate.name.endsWith('.sql'))) {
    const parsed = parseInFolder(file.name)
    if (parsed === undefined) {
      if (/\.(?:up|down)\.sql$/i.test(file.name)) unversioned.push(file)
      passedOver.push({ file, reason: 'not a migration: no version in front of its name' })
    } else if (parsed.dialect !== 'any' && parsed.dialect !== 'postgres') {
      passedOver.push({ file, reason: `written for ${parsed.dialect}`, group: `*.${parsed.dialect}.*` })
    } else named.push({ file, parsed, key: versionKey(parsed.version) })
  }

  odd.push(...unversioned.map((file) => withoutVersion(file, named)))
  const styles = establishedStyles(named)
  const sides: Side[] = []
  const silent: Named[] = []
  for (const entry of named) {
    const reading = entry.parsed.readings.find(({ certain, style }) => certain || styles.has(style))
    if (reading === undefined) silent.push(entry)
    else sides.push(sideOf(entry, reading))
  }

  const habit = plainHabit(sides, silent)
  for (const entry of silent) {
    const tool = markedFor(entry.file.text) ?? foreignTool(entry.file.text)
    if (tool !== undefined)
      passedOver.push({
        file: entry.file,
        reason: `has the markers of ${tool}, which puts both directions into one file`,
      })
    else if (habit(entry)) sides.push(plainSide(entry))
    else {
      odd.push(withoutDirection(entry))
      passedOver.push({ file: entry.file, reason: 'not a migration: its name states neither up nor down' })
    }
  }
  return { sides, odd, passedOver }
}

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

function withoutVersion(file: SourceFile, named: readonly Named[]): Sides['odd'][number] {
  const versions = named.map(({ parsed }) => parsed.version)
  const highest = versions.reduce((a, b) => (compareNumbers(a, b) > 0 ? a : b), '')
  const next = highest === '' ? '00001' : nextVersion({ like: highest, highest, now: 0 })
  const rename = [file, ...named.map((entry) => entry.file)].some(({ name }) => name.includes('/'))
    ? 'Put the next free number of its folder in front'
    : `Rename it to ${next}_${file.name}, with the next free version`
  return {
    file,
    message: `${file.name} has no version in front`,
    fix: `${rename}; its other direction gets the same one.`,
  }
}

function withoutDirection({ file }: Named): Sides['odd'][number] {
  const spelled = /\.(up|down)\.sql$/i.exec(file.name)?.[1]
  if (spelled !== undefined) {
    return {
      file,
      message: `${file.name} writes "${spelled}" in capital letters`,
      fix: `Rename it to ${file.name.slice(0, -`${spelled}.sql`.length)}${spelled.toLowerCase()}.sql.`,
    }
  }
  return {
    file,
    message: `${file.name} states neither up nor down`,
    fix: `Rename it to ${file.name.replace(/\.sql$/, '')}.up.sql, and write ${file.name.replace(/\.sql$/, '')}.down.sql.`,
  }
}
