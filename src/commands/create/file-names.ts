// The names of a new migration's files, in the folder's own style. Pure.
import type { Migration } from '../../model/migration.js'
import { nextVersion } from '../../model/next-version.js'
import type { SourceFile } from '../../model/source.js'
import { compareNumbers } from '../../model/version.js'
import { conventionOf, namesOf, wordsFor, type NameParts } from '../../tools/pairs/naming-convention.js'
import type { FileNames, Tool } from '../../tools/tool.js'

/** What the folder holds so far: its migrations in the tool's order, and their files. */
export type Neighbours = {
  readonly tool: Tool
  readonly migrations: readonly Migration[]
  readonly files: readonly SourceFile[]
}

/** `version` is the one in the names. */
export type NewName = FileNames & { readonly version: string; readonly language: 'SQL' | 'module' }

/** The first version of a folder without any: schema migrations and seeds must not collide. */
const FIRST = { schema: '00001', seed: '00010' } as const

/** `title` in any spelling; undefined when nothing is left of it that could stand in a name. `now` in milliseconds since 1970. */
export function newName(options: {
  readonly neighbours: Neighbours
  readonly title: string
  readonly kind: 'schema' | 'seed'
  readonly now: number
}): NewName | undefined {
  const { neighbours, title, kind, now } = options
  const { naming, create } = neighbours.tool
  const names = namesOf(neighbours, naming)
  const convention = conventionOf(names, naming)
  const words = wordsFor(title, convention)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .replaceAll(/^[_-]+|[_-]+$/g, '')
  if (!/[A-Za-z0-9]/.test(words)) return undefined
  const modules = neighbours.migrations.filter(({ module }) => module !== undefined)
  const version = versionFor(names, convention.form, modules) ?? { like: '', highest: '' }
  const next = version.like === '' ? FIRST[kind] : nextVersion({ ...version, now })
  const write = (direction: NameParts['direction']): string => {
    const { lead, gap, tail } = convention.frame(direction)
    return `${lead}${next}${gap === '' ? '_' : gap}${words}${commonEnd(names, direction) ?? tail}`
  }
  const newest = neighbours.migrations.at(-1)?.module?.file
  if (newest !== undefined) {
    const id = `${next}_${words}`
    const ending = newest.slice(newest.lastIndexOf('.'))
    return { version: next, id, up: `${id}${ending}`, down: `${id}${ending}`, language: 'module' }
  }
  const directions = new Set(names.map(({ direction }) => direction))
  const named = create.names({ version: next, words, neighbours: directions, write })
  return { ...named, version: next, language: 'SQL' }
}

/**
 * The newest name that follows the folder's habit is the sample; a folder may have gone from numbers to stamps. Modules have
 * versions and no further habits.
 */
function versionFor(
  names: readonly NameParts[],
  form: string,
  modules: readonly Migration[],
): { like: string; highest: string } | undefined {
  const versions = [...names, ...modules].map(({ version }) => version)
  const highest = versions.reduce((a, b) => (compareNumbers(a, b) > 0 ? a : b), '')
  if (modules.some(({ version }) => version === highest)) return { like: highest, highest }
  const newest = names.filter(({ version }) => version === highest).at(-1)
  const sameForm = names.filter((name) => name.form === newest?.form)
  const sample = sameForm.length >= MANY ? newest : (names.findLast((name) => name.form === form) ?? newest)
  return sample === undefined ? undefined : { like: sample.version, highest }
}

/** What all names of a direction end in, with flags (`.tx.up.sql`, `.postgres.up.sql`). One name alone is no habit. */
function commonEnd(names: readonly NameParts[], direction: NameParts['direction']): string | undefined {
  const [first, ...more] = names.filter((name) => name.direction === direction).map(({ end }) => end)
  return more.length > 0 && more.every((end) => end === first) ? first : undefined
}

/** From so many files of one form on it is no slip. */
const MANY = 3
