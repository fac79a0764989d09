// Files that look like migrations and that the tool of their folder does not run as such, because of their names.
import type { Problem } from '../model/finding.js'
import { nextVersion } from '../model/next-version.js'
import { shellWord } from '../model/shell-quote.js'
import type { SourceFile } from '../model/source.js'
import { compareNumbers } from '../model/version.js'
import { markedFor } from './markers.js'

/**
 * `file` is a path from the repository root. What its tool does with the name: `refuses` every command, `passes over` the
 * file, or `runs` what this program does not read, so that it was not proved. `unclear`: the tool passes over the file,
 * and neither its name nor its text says that it is a migration.
 */
export type LeftOut = Pick<Problem, 'message' | 'why' | 'fix'> & {
  readonly file: string
  /** The other direction of the same migration, which has the same fault. */
  readonly half?: string
  /** The id of the migration whose other direction is read. */
  readonly migration?: string
  readonly effect: 'refuses' | 'passes over' | 'runs' | 'unclear'
}

/** The findings about these files. */
export const leftOutProblems = (leftOut: readonly LeftOut[]): readonly Problem[] =>
  leftOut.map(({ file, migration, effect, message, why, fix }) => ({
    rule: effect === 'unclear' ? 'never-runs' : 'file-name',
    migration,
    place: { file, line: 1, column: 1 },
    message,
    why,
    fix,
  }))

/** A script that a tool passes over, and in which nothing shows a migration. */
export const unclear = ({ path, name }: SourceFile, tool: string): LeftOut => ({
  file: path,
  effect: 'unclear',
  message: `${tool} passes over ${name}, so it never runs`,
  why: 'Its author may believe that it runs with the migrations.',
  fix: 'If it is a migration, give it a name like the others. If not, move it to another folder.',
})

/** Endings of SQL scripts, as people write them. */
export const isSqlLike = (name: string): boolean => /\.(?:sql|psql|pgsql)$/i.test(name)

/** What a file system or an editor leaves beside a file, such as `._00001_a.sql`. */
export const isLeftover = (name: string): boolean => /^\.[_#~]/.test(name)

/** A dump of the schema, which some tools write beside the migrations. */
export const isDump = (name: string): boolean => /^(?:schema|structure)\.sql$/.test(name)

const VERSION = /^[^\p{L}\p{N}]*v?\p{Nd}+(?![\p{L}\p{N}])|[-_. ](?:0\d+|\d{8,})(?=\.)/iu
const DIRECTION = /[-_.](?:up|down)\.\w+$/i

/**
 * Whether the name is meant as that of a migration: a number in front (behind any signs, or a V), a padded number or
 * a day at the end, or a direction.
 */
export const isNamedAsMigration = (name: string): boolean => VERSION.test(name) || DIRECTION.test(name)

/** The same for a tool with markers: its markers say it, or a name with another ending than `.sql`. */
export const isMeantFor = (file: SourceFile, tool: ReturnType<typeof markedFor>): boolean =>
  markedFor(file.text) === tool || (!file.name.endsWith('.sql') && VERSION.test(file.name))

/** A name that the tool runs, with the same version as before. `of`: the migration that the file then belongs to. */
export type SameVersion = { readonly name: string; readonly version: string; readonly of?: string }

/**
 * How to give files names that their tool runs. `versions` are those of the folder. `same`: the name with the same version,
 * where the tool would run it; all others get the next free version, and `ended` gives that name the ending that the tool
 * wants. `half` is the other direction of the file, which moves with it.
 */
export function renames(
  versions: readonly string[],
  same: (file: SourceFile) => SameVersion | undefined,
  ended: (name: string) => string = (name) => name,
): (file: SourceFile, half?: SourceFile) => string {
  const newest = versions.reduce((a, b) => (compareNumbers(a, b) > 0 ? a : b), '')
  let highest = newest
  const next = (file: SourceFile): string => {
    highest = highest === '' ? '00001' : nextVersion({ like: highest, highest, now: 0 })
    return ended(`${highest}_${wordsOf(file.name)}`)
  }
  return (file, half) => {
    const move = (to: string): string =>
      [moved(file, to), ...(half === undefined ? [] : [moved(half, otherHalf(to))])].join('\n')
    const right = same(file)
    if (right === undefined) {
      return `If it is a migration, give it the next free version:\n${move(next(file))}\nIf not, move it to another folder.`
    }
    const rename = move(right.name)
    if (highest === '' || compareNumbers(right.version, highest) > 0) highest = right.version
    if (newest === '' || right.of !== undefined || compareNumbers(right.version, newest) > 0) return rename
    return `${rename}\nOnly while no database has applied a later version; else name it ${next(file)}, which is free.`
  }
}

/** `1_x.up.sql` -> `1_x.down.sql`, and back. */
export const otherHalf = (name: string): string =>
  name.replace(/\.(up|down)(?=\.\w+$)/i, (_, word: string) => (word.toLowerCase() === 'up' ? '.down' : '.up'))

/** The command that renames a file in its folder. */
export const moved = ({ path, name }: SourceFile, to: string): string =>
  `git mv ${shellWord(path)} ${shellWord(`${path.slice(0, -name.length)}${to}`)}`

/** The name in `.sql` without what is meant as a version: `V3__t.sql` -> `t.sql`, `t_00003.sql` -> `t.sql`, `00003.sql` -> `change.sql`. */
function wordsOf(name: string): string {
  const sql = name.replace(/\.(?:sql|psql|pgsql)$/i, '.sql')
  const [, stem = '', ending = ''] = /^(.*?)((?:\.[A-Za-z][\w-]*)*\.sql)$/.exec(sql) ?? []
  const words = stem
    .replace(/^[^\p{L}\p{N}]*(?:v(?=\p{Nd}))?[\p{Nd}.,\s-]*/iu, '')
    .replace(/[-_. ]+\d+$/, '')
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '_')
    .replaceAll(/^[-_]+|[-_]+$/g, '')
  return `${words === '' ? 'change' : words}${ending}`
}
