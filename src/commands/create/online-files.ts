// The files of an online way: it takes the place of one migration, and brings further ones behind it. Pure.
import type { WrittenMigration } from '../../impact/online/online-migration.js'
import { numberOf } from '../../model/change.js'
import type { DatabaseConfig } from '../../model/config.js'
import { versionedOf, type Migration, type Script } from '../../model/migration.js'
import { nextVersion } from '../../model/next-version.js'
import type { SourceFile } from '../../model/source.js'
import { comesAfter, versionKey } from '../../model/version.js'
import { scan } from '../../sql/scan.js'
import { splitStatements } from '../../sql/statements.js'
import type { FileNames, NewFile, NewScript } from '../../tools/tool.js'
import { nameFor, type Neighbours } from './new-files.js'

/** `files`: paths from the folder; the first ones take the place of the migration's own. `migrations`: what its tool reads from them, in order. */
export type OnlineFiles = { readonly files: readonly NewFile[]; readonly migrations: readonly Migration[] }

/**
 * Files that the folder's tool runs one after another in the place of `migration`. The first keeps its version and name, the
 * others get free versions directly behind it, or behind the newest migration. `others`: versions in use elsewhere. Undefined where there is no room for them, or
 * the tool would not run them as they are meant.
 */
export function onlineFiles(options: {
  readonly neighbours: Neighbours
  readonly migration: Migration
  readonly way: readonly WrittenMigration[]
  readonly config: DatabaseConfig
  readonly others: readonly string[]
  readonly place: 'directly behind' | 'behind the newest'
  readonly now: number
}): OnlineFiles | undefined {
  const { neighbours, migration, way, config } = options
  const { tool } = neighbours
  const own = ownNames(neighbours, migration)
  const versions = versionsBehind(options, way.length - 1)
  if (
    own === undefined ||
    versions === undefined ||
    tool.create.refusal(neighbours.migrations, migration.id) !== undefined
  )
    return undefined
  const names = [
    own,
    ...way.slice(1).map(({ title }, at) => nameFor(neighbours, { title, version: versions[at] ?? '' })),
  ]
  const files = way.flatMap((one, at): readonly NewFile[] => {
    const name = names[at]
    const comments = at === 0 ? commentsOf(neighbours, migration, way) : []
    return name === undefined || name === 'no words' ? [] : filesFor(neighbours, name, { ...one, comments })
  })
  const read = tool.files.read(files.map(sourceOf), { kind: migration.kind, config, environment: {} })
  const isRight =
    new Set(files.map(({ path }) => path)).size === files.length &&
    read.migrations.length === way.length &&
    read.leftOut.length === 0 &&
    read.migrations.every(({ up, down }, at) => runsAs(up, way[at], 'up') && runsAs(down, way[at], 'down'))
  return isRight ? { files, migrations: read.migrations } : undefined
}

/** The paths of a migration from the folder; its down's are those that one would have. */
function ownNames({ tool, files }: Neighbours, { id, up, down }: Migration): FileNames | undefined {
  const nameOf = (path: string | undefined): string | undefined => files.find((file) => file.path === path)?.name
  const name = nameOf(up?.file)
  if (name === undefined) return undefined
  if (tool.directions.in === 'one file') return { id, up: name, down: name }
  const other = nameOf(down?.file) ?? tool.directions.otherFile(name, 'down')
  return other === undefined || other === name ? undefined : { id, up: name, down: other }
}

/** Behind the newest one as for any new migration; else the next ones that the tool runs before the one that follows. */
function versionsBehind(
  { neighbours, migration, others, place, now }: Parameters<typeof onlineFiles>[0],
  count: number,
): readonly string[] | undefined {
  const { tool } = neighbours
  const migrations = versionedOf(neighbours.migrations)
  const next = migrations[migrations.findIndex(({ id }) => id === migration.id) + 1]
  if (count === 0) return []
  if (next === undefined || place === 'behind the newest') {
    const after = migrations.at(-1) ?? migration
    return tool.naming.nextVersions(neighbours, { count, others, after, kind: migration.kind, now })
  }
  const taken = new Set([...migrations.map(numberOf), ...others].map(versionKey))
  const found: string[] = []
  let highest = numberOf(migration)
  while (found.length < count) {
    highest = nextVersion({ like: highest, highest, now: 0 })
    const isBetween =
      comesAfter(tool.order.compare, highest, migration) && !comesAfter(tool.order.compare, highest, next)
    if (taken.has(versionKey(highest)) || !isBetween) return undefined
    found.push(highest)
  }
  return found
}

/** The author's comments in the up, without the marks of a tool and what a statement keeps, each as one line. */
function commentsOf(
  { tool, files }: Neighbours,
  { up }: Migration,
  way: readonly WrittenMigration[],
): readonly string[] {
  const text = files.find(({ path }) => path === up?.file)?.text ?? ''
  const all = scan(text).regions.flatMap(({ kind, start, end }) => (kind === 'comment' ? [text.slice(start, end)] : []))
  const marker = tool.directions.in === 'one file' ? wordsOf(tool.directions.downMarker) : undefined
  const down = marker === undefined ? -1 : all.findIndex((one) => wordsOf(one).startsWith(marker))
  const kept = way.flatMap((one) => one.up).join('\n')
  return all
    .slice(0, down < 0 ? all.length : down)
    .filter((one) => !MARK.test(one) && !kept.includes(one))
    .map((one) => one.replace(/^--\s*|^\/\*\s*|\s*\*\/$/g, '').trim())
    .filter((one) => one !== '')
}

/** What a tool reads in a comment. */
const MARK = /^--\s*(?:\+|migrate:|no-transaction)/i

const wordsOf = (comment: string): string => comment.toLowerCase().replaceAll(/\s+/g, '')

const NOTHING_BACK = 'Nothing in the catalogue changes here, so there is nothing to roll back.'

function filesFor(
  { tool, files }: Neighbours,
  names: FileNames,
  { up, down, transaction, comments }: WrittenMigration & { readonly comments: readonly string[] },
): readonly NewFile[] {
  const sql = (statements: readonly string[]): string => statements.map((one) => `${one};\n`).join('')
  const alone = transaction === 'none' ? ({ transaction } as const) : {}
  const forth: NewScript = { comments, sql: sql(up), ...alone }
  const back: NewScript =
    down.length === 0 ? { comments: [NOTHING_BACK], sql: '', ...alone } : { comments: [], sql: sql(down), ...alone }
  const written = tool.create.files(names, forth, back)
  const settings = files.find(
    ({ name }) => /(?:^|\/)metadata\.toml$/.test(name) && name.startsWith(names.up.replace(/[^/]*$/, '')),
  )
  return settings === undefined || written.some(({ path }) => path === settings.name)
    ? written
    : [...written, { path: settings.name, text: 'run_in_transaction = true\n' }]
}

/** Whether the tool sends what is meant, in such transactions; a message of one statement has none around it where the tool opens none. */
function runsAs(script: Script | undefined, wanted: WrittenMigration | undefined, direction: 'up' | 'down'): boolean {
  const statements = wanted?.[direction] ?? []
  const sent = script?.messages.map(({ text }) => splitStatements(text).map((one) => codeOf(one.text))) ?? []
  if (JSON.stringify(sent.flat()) !== JSON.stringify(statements.map(codeOf))) return false
  if (statements.length === 0) return true
  const isTogether = script?.transaction === 'wrapped' || (script?.transaction === 'message' && sent.length === 1)
  return wanted?.transaction === 'none'
    ? script?.transaction !== 'wrapped' && sent.every((message) => message.length < 2 || direction === 'down')
    : isTogether || statements.length === 1
}

/** Ends of lines and of statements are the tool's. */
const codeOf = (text: string): string => text.trim().replace(/\s*;$/, '')

const sourceOf = ({ path, text }: NewFile): SourceFile => ({
  path,
  name: path,
  text,
  unreadable: undefined,
  bytes: new TextEncoder().encode(text),
})
