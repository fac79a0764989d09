// The goose layout: one file for each migration, both directions in it, `-- +goose Up` and `-- +goose Down`.
import type { Direction, Migration } from '../../model/migration.js'
import { nextVersion } from '../../model/next-version.js'
import { byNumber, type Ordered, compareNumbers } from '../../model/version.js'
import type { Problem } from '../../model/finding.js'
import type { SourceFile } from '../../model/source.js'
import { duplicateProblems, ignoredOf, otherKind, type PassedOver, subfolders } from '../ignored.js'
import { parseGoose } from './parser.js'
import { irreversibleOf } from '../irreversible.js'
import type { ReadOptions, Stream, ToolFiles } from '../tool.js'
import { markedFor } from '../markers.js'
import { configuredScript } from '../configured-script.js'
import { problemsOf } from '../script.js'

type Named = { readonly file: SourceFile; readonly name: GooseName }

export const gooseFiles: ToolFiles = { recognise, read }

function recognise(files: readonly SourceFile[]): ReturnType<ToolFiles['recognise']> {
  const sql = files.filter((file) => isHere(file) && file.name.endsWith('.sql'))
  const marked = sql.filter((file) => markedFor(file.text) === 'goose')
  const code = files.filter((file) => isGoMigration(file) && /\bgoose\./.test(file.text))
  const reasons = [
    `${String(marked.length)} of ${String(sql.length)} .sql files have goose annotations (-- +goose Up)`,
    ...(code.length > 0 ? [`${String(code.length)} .go files are goose migrations`] : []),
  ]
  return { migrations: marked.length + code.length, reason: reasons.join(', ') }
}

function read(files: readonly SourceFile[], options: ReadOptions): Stream {
  const migrations: Named[] = []
  const passedOver: PassedOver[] = []
  const misnamed: { readonly file: SourceFile; readonly error: string }[] = []
  for (const file of files.filter(isHere)) {
    const name = /\.(?:sql|go)$/.test(file.name) ? parseGooseName(file.name) : undefined
    if (name === undefined) passedOver.push(otherKind(file))
    else if (file.name.endsWith('_test.go')) passedOver.push({ file, reason: 'a Go test', group: '*_test.go' })
    else if (!('error' in name)) migrations.push({ file, name })
    else if (file.name.endsWith('.go')) {
      passedOver.push({ file, reason: 'Go code without a version in its name', group: '*.go' })
    } else {
      misnamed.push({ file, error: name.error })
      passedOver.push({ file, reason: `not a migration: ${name.error}` })
    }
  }
  migrations.sort((a, b) => byNumber(named(a), named(b)))
  const streams = migrations.map((migration) => readOne(migration, options))
  return {
    migrations: streams.map((stream) => stream.migration),
    ignored: [...ignoredOf(passedOver), ...subfolders(files)],
    problems: [
      ...misnamed.map((one) => badName(one, migrations)),
      ...duplicateProblems(
        migrations.map(({ file, name }) => ({
          key: String(name.number),
          version: name.version,
          id: idOf(file),
          file: file.path,
        })),
        'goose stops with "duplicate version" for every command, so nothing can be deployed.',
      ),
      ...streams.flatMap((stream) => stream.problems),
    ],
  }
}

function readOne(
  { file, name }: Named,
  options: ReadOptions,
): { readonly migration: Migration; readonly problems: readonly Problem[] } {
  const id = idOf(file)
  const { irreversible, problems } = irreversibleOf({
    id,
    version: name.version,
    files: [file],
    config: options.config,
  })
  const base = { id, version: name.version, name: name.name, kind: options.kind, irreversible }
  if (file.name.endsWith('.go')) {
    return { migration: { ...base, up: undefined, down: undefined, code: file.path, codeText: file.text }, problems }
  }
  if (file.unreadable !== undefined) {
    return { migration: { ...base, up: undefined, down: undefined, code: undefined }, problems }
  }
  const up = parseGoose(file.text, 'up', options.environment)
  const down = parseGoose(file.text, 'down', options.environment)
  const script = (direction: Direction): Migration['up'] => {
    const parse = direction === 'up' ? up : down
    const marker = parse.sections.get(direction)
    if (parse.error !== undefined || marker === undefined) return undefined
    const transaction = parse.transaction === 'none' ? 'none' : (options.config.transaction ?? 'wrapped')
    return configuredScript(
      { file: file.path, marker, transaction, messages: parse.messages },
      options.config.transaction,
    )
  }
  const at = { file: file.path, migration: id }
  return {
    migration: { ...base, up: script('up'), down: script('down'), code: undefined },
    problems: [
      ...problemsOf({
        ...at,
        rule: 'unparsable',
        troubles: [up.error, down.error].filter((error) => error !== undefined),
      }),
      ...problemsOf({ ...at, rule: 'goose-lost-statement', troubles: [...up.lost, ...down.lost] }),
      ...problems,
    ],
  }
}

const isHere = (file: SourceFile): boolean => !file.name.includes('/')

const isGoMigration = (file: SourceFile): boolean =>
  isHere(file) && /(?<!_test)\.go$/.test(file.name) && !('error' in parseGooseName(file.name))

const idOf = (file: SourceFile): string => file.name.replace(/\.(?:sql|go)$/, '')

const named = ({ file, name }: Named): Ordered => ({ id: idOf(file), version: name.version })

function badName(
  { file, error }: { readonly file: SourceFile; readonly error: string },
  migrations: readonly Named[],
): Problem {
  const highest = migrations.map(({ name }) => name.version).reduce((a, b) => (compareNumbers(a, b) > 0 ? a : b), '')
  const next = highest === '' ? '00001' : nextVersion({ like: highest, highest, now: 0 })
  const words = file.name.replace(/\.sql$/, '').replace(/^[^A-Za-z]+/, '')
  return {
    rule: 'file-name',
    migration: undefined,
    place: { file: file.path, line: 1, column: 1 },
    message: `goose cannot read the file name ${file.name}: ${error}`,
    why: 'The goose command line stops at such a name, for every command. As a library, goose skips the file silently.',
    fix: `If it is a migration, name it ${next}_${words === '' ? 'change' : words}.sql, with the next free version. If not, move it to another folder.`,
  }
}

/** The largest version that goose takes: it counts in 64 bits. */
const MAX_VERSION = 9223372036854775807n

export type GooseName = { readonly version: string; readonly number: bigint; readonly name: string }

/**
 * A `.sql` or `.go` file name -> its version and description, or why goose's command line refuses it. The rules are
 * those of NumericComponent of goose v3.27.3.
 */
export function parseGooseName(fileName: string): GooseName | { readonly error: string } {
  const stem = fileName.replace(/\.(?:sql|go)$/, '')
  const separator = fileName.indexOf('_')
  if (separator === -1) return { error: 'there is no "_" after the version' }
  const version = fileName.slice(0, separator)
  if (!/^[+-]?[0-9]+$/.test(version)) return { error: `"${version}" in front of the first "_" is not a number` }
  const number = BigInt(version.replace('+', ''))
  if (number <= 0n) return { error: 'the version must be greater than zero' }
  if (number > MAX_VERSION) return { error: `the version is larger than ${String(MAX_VERSION)}` }
  return { version, number, name: stem.slice(separator + 1) }
}
