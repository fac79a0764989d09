// Files that look like migrations and that the tool of their folder does not run as such, because of their names.
import type { Problem, Renaming } from '../model/finding.js'
import { shellWord } from '../model/shell-quote.js'
import type { SourceFile } from '../model/source.js'
import { markedFor } from './markers.js'

/**
 * `file` is a path from the repository root. What its tool does with the name: `refuses` every command, `passes over` the
 * file, or `runs` what this program does not read, so that it was not proved. `unclear`: the tool passes over the file,
 * and neither its name nor its text says that it is a migration.
 */
export type LeftOut = Pick<Problem, 'message' | 'why' | 'fix' | 'half' | 'renaming'> & {
  readonly file: string
  /** The id of the migration whose other direction is read. */
  readonly migration?: string
  readonly effect: 'refuses' | 'passes over' | 'runs' | 'unclear'
}

/** The findings about these files. */
export const leftOutProblems = (leftOut: readonly LeftOut[]): readonly Problem[] =>
  leftOut.map(({ file, migration, effect, ...said }) => ({
    ...said,
    rule: effect === 'unclear' ? 'never-runs' : 'file-name',
    migration,
    place: { file, line: 1, column: 1 },
  }))

/** A script that a tool passes over, and in which nothing shows a migration. */
export const unclear = ({ path, name }: SourceFile, tool: string): LeftOut => ({
  file: path,
  effect: 'unclear',
  message: `${tool} passes over ${name}, so it never runs`,
  why: 'Its author may believe that it runs with the migrations.',
  fix: LIKE_OTHERS,
})

const LIKE_OTHERS = 'If it is a migration, give it a name like the others. If not, move it to another folder.'

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

/** A name that the tool runs, with the version that the file has. `of`: the migration that it then belongs to. */
export type SameVersion = NonNullable<Renaming['kept']> & { readonly of?: string }

/**
 * How to give files names that their tool runs. `titles` are those of the folder. `same`: the name with the same version,
 * where the tool would run it; `ended` gives a name with another version the ending that the tool wants.
 */
export function renames(options: {
  readonly titles: readonly string[]
  readonly same: (file: SourceFile) => SameVersion | undefined
  readonly ended?: (name: string) => string
}): (file: SourceFile) => Pick<LeftOut, 'fix' | 'migration'> & { readonly renaming: Renaming } {
  const { titles, same, ended = (name) => name } = options
  const isSmall = titles.every((title) => /^[a-z0-9_]*$/.test(title))
  return (file) => {
    const { of, ...kept } = same(file) ?? {}
    const words = wordsOf(file.name)
    const rest = ended(`1_${isSmall ? words.toLowerCase().replaceAll(/[^a-z0-9_.]+/g, '_') : words}`).slice(1)
    return {
      fix: LIKE_OTHERS,
      renaming: { rest, ...('name' in kept && { kept }) },
      ...(of !== undefined && { migration: of }),
    }
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
