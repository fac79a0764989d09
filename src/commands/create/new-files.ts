// The files of a new migration: names in the style of the folder, and text as its tool writes it. Pure.
import type { Migration } from '../../model/migration.js'
import type { SourceFile } from '../../model/source.js'
import { conventionOf, namesOf, wordsFor, type NameParts } from '../../tools/pairs/naming-convention.js'
import type { FileNames, Tool, NewFile, NewScript } from '../../tools/tool.js'
import { commented } from '../../tools/new-text.js'

/** The existing migrations of the folder in the tool's order, and their files. */
export type Neighbours = {
  readonly tool: Tool
  readonly migrations: readonly Migration[]
  readonly files: readonly SourceFile[]
}

/** `version` is the one in the names. */
export type NewName = FileNames & { readonly version: string; readonly language: 'SQL' | 'module' }

/**
 * `title` in any spelling, with letters or digits. `no number`: none comes after all others in the order of the tool. `now`
 * in milliseconds since 1970.
 */
export function newName(options: {
  readonly neighbours: Neighbours
  readonly title: string
  readonly kind: 'schema' | 'seed'
  readonly now: number
}): NewName | 'no words' | 'no number' {
  const { neighbours, title, kind, now } = options
  const after = neighbours.migrations.at(-1)
  const [next] = neighbours.tool.naming.nextVersions(neighbours, { count: 1, others: [], after, kind, now }) ?? []
  const named = nameFor(neighbours, { title, version: next ?? '' })
  return named === 'no words' || next !== undefined ? named : 'no number'
}

/** The name in the style of the folder, under this version. */
export function nameFor(
  neighbours: Neighbours,
  { title, version }: { readonly title: string; readonly version: string },
): NewName | 'no words' {
  const { naming, create } = neighbours.tool
  const names = namesOf(neighbours, naming)
  const convention = conventionOf(names, naming)
  const words = wordsFor(title, convention)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .replaceAll(/^[_-]+|[_-]+$/g, '')
  if (!/[A-Za-z0-9]/.test(words)) return 'no words'
  const write = (direction: NameParts['direction']): string => {
    const { lead, gap, tail } = convention.frame(direction)
    return `${lead}${version}${gap === '' ? '_' : gap}${words}${commonEnd(names, direction) ?? tail}`
  }
  const newest = neighbours.migrations.at(-1)?.module?.file
  if (newest !== undefined) {
    const id = `${version}_${words}`
    const ending = newest.slice(newest.lastIndexOf('.'))
    return { version, id, up: `${id}${ending}`, down: `${id}${ending}`, language: 'module' }
  }
  const directions = new Set(names.map(({ direction }) => direction))
  return { ...create.names({ version, words, neighbours: directions, write }), version, language: 'SQL' }
}

/** The common end of all names of a direction, with flags (`.tx.up.sql`). One name alone does not count. */
function commonEnd(names: readonly NameParts[], direction: NameParts['direction']): string | undefined {
  const [first, ...more] = names.filter((name) => name.direction === direction).map(({ end }) => end)
  return more.length > 0 && more.every((end) => end === first) ? first : undefined
}

/** One file or two; one for a seed that is a module, where the scripts are comments alone. */
export function newFiles(options: {
  readonly tool: Tool
  readonly name: NewName
  readonly up: NewScript
  readonly down: NewScript
}): readonly NewFile[] {
  const { tool, name, up, down } = options
  if (name.language === 'module') return [{ path: name.up, text: moduleText(up, down) }]
  return tool.create.files(name, up, down)
}

const moduleText = (up: NewScript, down: NewScript): string => `${exported('up', up)}\n${exported('down', down)}`

const exported = (direction: 'up' | 'down', { comments }: NewScript): string =>
  `${commented(comments, '//')}export async function ${direction}({ query }) {}\n`
