// The pairs layout: one file for each direction (`00001_users.up.sql`, `00001_users.down.sql`) and its many spellings.
import { hash } from 'node:crypto'
import type { Message, Migration, Script, TransactionMode } from '../../model/migration.js'
import { byNumber, type Ordered, versionKey } from '../../model/version.js'
import type { Problem } from '../../model/finding.js'
import type { SourceFile } from '../../model/source.js'
import { duplicateProblems, directFiles, ignoredOf, subfolders, type PassedOver, otherKind } from '../ignored.js'
import { irreversibleOf } from '../irreversible.js'
import type { ReadOptions, Stream, ToolFiles } from '../tool.js'
import { inNumberedFolders } from './numbered-folders.js'
import { shapeOf } from './name-pattern.js'
import { otherFiles, sidesOf, type Side } from './direction.js'
import { configuredScript } from '../configured-script.js'
import { linesOfFile, messageOf, wholeFile } from '../script.js'
import { trimSpace } from '../go-text.js'
import { parsePairName } from './name.js'

export const pairFiles: ToolFiles = { recognise, read }

/** The files of one migration; at least one of them exists. */
type Pair = { readonly up: Side | undefined; readonly down: Side | undefined }

function recognise(files: readonly SourceFile[]): ReturnType<ToolFiles['recognise']> {
  const { sides } = preferPostgres(sidesOf(files).sides)
  const total = [...directFiles(files), ...(inNumberedFolders(files) ?? [])].filter(({ name }) =>
    name.endsWith('.sql'),
  ).length
  const what = sides.some((side) => side.direction === 'down') ? 'pairs' : 'ups'
  return {
    migrations: sides.length,
    reason: `${String(sides.length)} of ${String(total)} .sql files are ${what} ${shapeOf(sides)}`.trimEnd(),
  }
}

function read(files: readonly SourceFile[], options: ReadOptions): Stream {
  const found = sidesOf(files)
  const { sides, outdone } = preferPostgres(found.sides)
  const pairings = [...groupBy(sides, (side) => side.key).values()].map(pairUp)
  const all = pairings.flat().toSorted(comparePairs)
  const code = codeFiles({ files: otherFiles(files), taken: new Set(sides.map((side) => side.key)), sides })
  const streams = all.map((pair) => readPair(pair, options, code.halves.get(first(pair).key)))
  const migrations = [
    ...streams.map((stream) => stream.migration),
    ...code.migrations.map((entry) => codeMigration(entry, options)),
  ]
  return {
    migrations: migrations.toSorted(byNumber),
    ignored: [
      ...ignoredOf([...found.passedOver, ...outdone, ...code.passedOver]),
      ...(inNumberedFolders(files) === undefined ? subfolders(files) : []),
    ],
    problems: [
      ...found.odd.map(({ file, message, fix }) => ({
        rule: 'file-name',
        migration: undefined,
        place: { file: file.path, line: 1, column: 1 },
        message,
        why: 'Tools that read this folder skip the file silently, so it never runs.',
        fix,
      })),
      ...duplicateProblems(
        all.map((pair) => {
          const side = first(pair)
          return { key: side.key, version: side.parsed.version, id: side.id, file: side.file.path }
        }),
        'It is chance which of them runs first, and which one a version in the history means. golang-migrate refuses the folder.',
      ),
      ...code.problems,
      ...streams.flatMap((stream) => stream.problems),
    ],
  }
}

/** A file for PostgreSQL goes before the one for all servers, as in pop. */
function preferPostgres(sides: readonly Side[]): {
  readonly sides: readonly Side[]
  readonly outdone: readonly PassedOver[]
} {
  const keyOf = (side: Side): string => `${side.direction} ${side.key} ${side.name}`
  const special = new Map(sides.filter((side) => side.parsed.dialect === 'postgres').map((side) => [keyOf(side), side]))
  const isOutdone = (side: Side): boolean => side.parsed.dialect === 'any' && special.has(keyOf(side))
  return {
    sides: sides.filter((side) => !isOutdone(side)),
    outdone: sides.filter(isOutdone).map((side) => ({
      file: side.file,
      reason: `${special.get(keyOf(side))?.file.name ?? ''} is the one for PostgreSQL`,
    })),
  }
}

/** By version alone where there is one up and one down of it, as golang-migrate does; else by name. */
function pairUp(sides: readonly Side[]): readonly Pair[] {
  const ups = sides.filter((side) => side.direction === 'up')
  const downs = sides.filter((side) => side.direction === 'down')
  if (ups.length <= 1 && downs.length <= 1) return [{ up: ups[0], down: downs[0] }]
  const named = groupBy(sides, (side) => `${side.parsed.version} ${side.name}`)
  if (named.size > 1) return [...named.values()].flatMap(pairUp)
  return Array.from({ length: Math.max(ups.length, downs.length) }, (_, i) => ({ up: ups[i], down: downs[i] }))
}

function readPair(
  pair: Pair,
  options: ReadOptions,
  code: SourceFile | undefined,
): { readonly migration: Migration; readonly problems: readonly Problem[] } {
  const { up, down } = pair
  const { id, name, parsed } = first(pair)
  const files = [up?.file, down?.file].filter((file) => file !== undefined)
  const { irreversible, problems } = irreversibleOf({ id, version: parsed.version, files, config: options.config })
  const migration: Migration = {
    id,
    version: parsed.version,
    name,
    kind: options.kind,
    up: up && scriptFrom(up, options),
    down: down && scriptFrom(down, options),
    code: code?.path,
    irreversible,
  }
  return { migration, problems: [...twoNames(pair, id), ...problems] }
}

function twoNames({ up, down }: Pair, id: string): readonly Problem[] {
  if (up === undefined || down === undefined || up.name === down.name) return []
  return [
    {
      rule: 'unpaired',
      migration: id,
      place: { file: down.file.path, line: 1, column: 1 },
      message: `up and down of version ${up.parsed.version} have different names: ${up.file.name} and ${down.file.name}`,
      why: 'Tools pair them by version alone, so this down runs for that up, whether intended or not.',
      fix: `If they belong together, give both the name "${up.name}". If not, give one of them another version.`,
    },
  ]
}

function scriptFrom({ file, parsed }: Side, options: ReadOptions): Script | undefined {
  if (file.unreadable !== undefined) return undefined
  // sqlx and morph look at the first characters of the text, nowhere else.
  const marked = /^-- (?:no-transaction|morph:nontransactional)/.test(file.text) ? 'none' : undefined
  const messages = messagesOf(file.text)
  // bun opens a transaction for `.tx.` alone: without it each part that --bun:split makes is committed as it comes.
  const usual = messages.length > 1 ? 'none' : 'message'
  const transaction: TransactionMode = marked ?? parsed.transaction ?? options.config.transaction ?? usual
  const script = configuredScript({ file: file.path, transaction, messages }, options.config.transaction)
  return { ...script, sha384: hash('sha384', file.bytes) }
}

/** The whole file in one go; bun cuts it at lines that are exactly `--bun:split`. */
function messagesOf(text: string): readonly Message[] {
  const cuts = [...text.matchAll(/(?<![^\n])--bun:split(?:\r?\n|\r?$)/g)]
  if (cuts.length === 0) return wholeFile(text)
  const starts = [0, ...cuts.map((cut) => cut.index + cut[0].length)]
  const ends = [...cuts.map((cut) => cut.index), text.length]
  const lines = linesOfFile(text)
  return starts
    .map((start, i) => messageOf({ text, lines, start, end: ends[i] ?? text.length }))
    .filter((message) => trimSpace(message.text) !== '')
}

const codeMigration = (
  entry: { readonly file: SourceFile; readonly version: string; readonly name: string; readonly id: string },
  options: ReadOptions,
): Migration => ({
  id: entry.id,
  version: entry.version,
  name: entry.name,
  kind: options.kind,
  up: undefined,
  down: undefined,
  code: entry.file.path,
  codeText: entry.file.text,
  irreversible: irreversibleOf({ ...entry, files: [], config: options.config }).irreversible,
})

function first({ up, down }: Pair): Side {
  const side = up ?? down
  if (side === undefined) throw new Error('a pair without files')
  return side
}

const comparePairs = (a: Pair, b: Pair): number => byNumber(named(a), named(b))

const named = (pair: Pair): Ordered => ({ id: first(pair).id, version: first(pair).parsed.version })

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return groups
}

type CodeFile = {
  readonly file: SourceFile
  readonly version: string
  readonly name: string
  readonly id: string
}

const CODE = /(?<!\.d|[._-]test|\.spec)\.(?:go|[cm]?[jt]s|py|rb)$/

/**
 * The files that are not SQL: code migrations, and endings that golang-migrate runs as SQL. `taken` are the versions
 * that SQL files have. A code file of such a version is skipped, unless it is the direction that its SQL lacks. Then it
 * is in `halves`, by the version's key.
 */
function codeFiles(options: {
  readonly files: readonly SourceFile[]
  readonly taken: ReadonlySet<string>
  readonly sides: readonly Side[]
}): {
  readonly migrations: readonly CodeFile[]
  readonly halves: ReadonlyMap<string, SourceFile>
  readonly passedOver: readonly PassedOver[]
  readonly problems: readonly Problem[]
} {
  const migrations: CodeFile[] = []
  const passedOver: PassedOver[] = []
  const problems: Problem[] = []
  const taken = new Set(options.taken)
  const halves = new Map<string, SourceFile>()
  for (const file of options.files) {
    const code = CODE.test(file.name) ? parsePairName(file.name.replace(CODE, '.sql')) : undefined
    const sqlLike = /^([0-9]+)_.*\.(up|down)\./.exec(file.name)
    const half = code?.readings.find(({ certain }) => certain)
    const own = code === undefined ? [] : options.sides.filter(({ key }) => key === versionKey(code.version))
    if (code !== undefined && half !== undefined && own.length === 1 && own[0]?.direction !== half.direction)
      halves.set(versionKey(code.version), file)
    else if (code !== undefined && !taken.has(versionKey(code.version))) {
      taken.add(versionKey(code.version))
      migrations.push({ file, version: code.version, name: half?.name ?? code.name, id: half?.id ?? code.id })
    } else if (sqlLike === null) passedOver.push(otherKind(file))
    else {
      const key = versionKey(sqlLike[1] ?? '')
      const twin = options.sides.find((side) => side.key === key && side.direction === sqlLike[2])
      if (twin !== undefined) problems.push(secondFile(file, twin))
      passedOver.push({ file, reason: 'not a .sql file; golang-migrate would run it with any ending' })
    }
  }
  return { migrations, halves, passedOver, problems }
}

const secondFile = (file: SourceFile, twin: Side): Problem => ({
  rule: 'duplicate-version',
  migration: twin.id,
  place: { file: file.path, line: 1, column: 1 },
  message: `version ${twin.parsed.version} is taken twice: ${twin.file.path} and ${file.path}`,
  why: 'golang-migrate looks at ".up." and ".down." and not at the ending, so it refuses the folder for every command.',
  fix: `Delete ${file.name}, or move it out of the folder.`,
})
