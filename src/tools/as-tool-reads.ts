// The files that the tool of a live database does not run because of their names: refused, or left out by name.
import { commandText } from '../model/command.js'
import { UserError } from '../model/errors.js'
import { firstFew } from '../model/list-words.js'
import type { DatabaseConfig } from '../model/config.js'
import type { Direction, Migration, Script } from '../model/migration.js'
import type { History } from '../state/history.js'
import type { LeftOut } from './left-out.js'
import type { Stream, Tool } from './tool.js'

/** The files of a database, as far as their names matter. */
type ReadFiles = {
  readonly config: Pick<DatabaseConfig, 'name'>
  readonly schema: Stream & { readonly layout: Pick<Tool, 'histories'> }
  readonly seeds: Pick<Stream, 'leftOut'> | undefined
}

/**
 * Throws a UserError for a name at which the tool stops, for every command: nothing runs before it is fixed. `check`: the
 * command that shows every problem of the files.
 */
export function refuseRefusedNames(read: ReadFiles, streams: readonly ('schema' | 'seeds')[], check: string): void {
  const refused = streams.flatMap((stream) => read[stream]?.leftOut ?? []).find(({ effect }) => effect === 'refuses')
  if (refused === undefined) return
  throw new UserError({
    kind: 'use',
    what: `${read.config.name}: ${refused.message}`,
    fix: `Fix the files: ${check} shows every problem.`,
  })
}

/**
 * The migrations that the tool of this history runs, and the others as left out: where several tools read such files, only
 * the history says which one is at work. `about` names the database in a command, `check` is the
 * command that shows every problem of the files. Throws a UserError where it runs
 * none of them, or stops at a name.
 */
export function asToolReads<Read extends ReadFiles>(
  read: Read,
  { kind, reads }: Pick<History, 'kind' | 'reads'>,
  { about, check }: { readonly about: string; readonly check: string },
): Read {
  const { schema, config } = read
  if (reads === undefined || !schema.layout.histories.candidates.some((one) => one.kind === kind)) return read
  const leftOut: LeftOut[] = []
  const kept = (script: Script | undefined, direction: Direction): Script | undefined => {
    if (script === undefined) return undefined
    const reading = reads(baseOf(script.file))
    if (reading === direction) return script
    leftOut.push(otherwise(script.file, kind, reading === 'refuses' ? 'refuses' : 'passes over'))
    return undefined
  }
  const migrations = schema.migrations.flatMap((migration): readonly Migration[] => {
    const up = kept(migration.up, 'up')
    const down = kept(migration.down, 'down')
    if (up === migration.up && down === migration.down) return [migration]
    return up === undefined && down === undefined && migration.code === undefined ? [] : [{ ...migration, up, down }]
  })
  if (leftOut.length === 0) return read
  const after = { ...read, schema: { ...schema, migrations, leftOut: [...schema.leftOut, ...leftOut] } }
  refuseRefusedNames(after, ['schema'], check)
  if (migrations.length > 0) return after
  throw new UserError({
    kind: 'use',
    what: `${config.name}: its history is that of ${kind}, which runs none of these files (${firstFew(leftOut.map(({ file }) => baseOf(file)))})`,
    fix: `Give them names that ${kind} runs (00001_title.up.sql, 00001_title.down.sql). If pg-migration-gate alone applies them, let it keep a table of its own: history.table: migration_gate.applied in the config, then record what is applied: ${commandText(`baseline ${about} --to VERSION`)}.`,
  })
}

/** The paths of the files that production does not get from here, although they look like migrations. */
export const leftOutFiles = (stream: Pick<Stream, 'leftOut'> | undefined): readonly string[] =>
  (stream?.leftOut ?? []).flatMap(({ file, half, effect }) =>
    effect === 'unclear' ? [] : half === undefined ? [file] : [file, half],
  )

const SHOWN = 5

/** One sentence for each file, for people. `check`: the command that shows every problem of the files. */
export function leftOutNotes({ schema: { leftOut } }: ReadFiles, check: string): readonly string[] {
  const more = leftOut.length - SHOWN
  return [
    ...leftOut.slice(0, SHOWN).map(({ message }) => `left out: ${message} (${check})`),
    ...(more > 0 ? [`left out: ${more} more (${check})`] : []),
  ]
}

const otherwise = (file: string, kind: History['kind'], effect: 'refuses' | 'passes over'): LeftOut => ({
  file,
  effect,
  message:
    effect === 'refuses' ? `${kind} cannot read the file name ${baseOf(file)}` : `${kind} passes over ${baseOf(file)}`,
  why: 'It never runs.',
  fix: '',
})

const baseOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1)
