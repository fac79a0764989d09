// What the checks look at in a subject: its scripts, their statements, the files that count, and places in them.
import { compareBytes } from '../model/version.js'
import type { Direction, Message, Migration, Script } from '../model/migration.js'
import type { Place, SourceFile } from '../model/source.js'
import { placeAt } from '../model/position.js'
import type { Problem } from '../model/finding.js'
import { type Statement, statementsIn } from '../sql/statements.js'
import type { Subject } from './rule.js'

/** What a check returns. */
export type Said = Omit<Problem, 'rule'>

export type OwnScript = { readonly migration: Migration; readonly direction: Direction; readonly script: Script }

/** Every script that is judged, the up of a migration before its down. */
export const scriptsOf = (subject: Subject): readonly OwnScript[] =>
  subject.migrations.flatMap((migration) =>
    (['up', 'down'] as const).flatMap((direction) => {
      const script = migration[direction]
      return script === undefined || subject.judged?.has(script.file) === false
        ? []
        : [{ migration, direction, script }]
    }),
  )

/** `place` is found when asked for: it costs a walk through the message. `alone`: nothing else travels in the message. */
export type OwnStatement = {
  readonly statement: Statement
  readonly message: Message
  readonly place: () => Place
  readonly alone: boolean
}

/** The statements of a script in their order. */
export const statementsOf = (script: Script): readonly OwnStatement[] =>
  script.messages.flatMap((message) => {
    const statements = statementsIn(message)
    return statements.map((statement) => ({
      statement,
      message,
      place: () => ({ file: script.file, ...placeAt(message, statement.start) }),
      alone: statements.length === 1,
    }))
  })

/** Where a script starts; the file's first line when it holds nothing. */
export function startOf(script: Script): Place {
  const first = statementsOf(script)[0]?.place()
  if (first !== undefined) return first
  const message = script.messages[0]
  return { file: script.file, ...(message === undefined ? { line: 1, column: 1 } : placeAt(message, 0)) }
}

/** Where a direction of a migration starts; of a module, its first line. */
export function startIn(migration: Migration, direction: Direction): Place | undefined {
  const script = migration[direction]
  if (script !== undefined) return startOf(script)
  return migration.module && { file: migration.module.file, line: 1, column: 1 }
}

/** The files that hold migrations, and those that something is wrong with; not what the layout passes over. */
export function judgedFiles(subject: Subject): readonly SourceFile[] {
  const known = new Set([
    ...scriptsOf(subject).map(({ script }) => script.file),
    ...subject.problems.flatMap(({ place }) => (place === undefined ? [] : [place.file])),
  ])
  const isJudged = ({ path }: SourceFile): boolean => known.has(path) && subject.judged?.has(path) !== false
  return subject.files.filter(isJudged).toSorted((a, b) => compareBytes(a.path, b.path))
}

/** Line and column of an offset (UTF-16 units) in a file's text. A byte order mark takes no column. */
export function placeIn(file: SourceFile, offset: number): Place {
  const before = file.text.slice(0, offset).replace(/^\uFEFF/, '')
  const start = before.lastIndexOf('\n') + 1
  return {
    file: file.path,
    line: before.split('\n').length,
    column: Array.from(before.slice(start)).length + 1,
  }
}

/** What a rule finds in one file, at an offset (UTF-16 units) of its text. */
export type FoundInFile = Omit<Said, 'migration' | 'place'> & { readonly offset: number }

/** Asks about every judged file that could be read. */
export const perFile = (subject: Subject, find: (file: SourceFile) => FoundInFile | undefined): readonly Said[] =>
  judgedFiles(subject).flatMap((file) => {
    const found = file.unreadable === undefined ? find(file) : undefined
    if (found === undefined) return []
    const { offset, ...said } = found
    return [{ migration: migrationOf(subject, file.path), place: placeIn(file, offset), ...said }]
  })

/** The id of the migration that a file belongs to. */
export const migrationOf = (subject: Subject, path: string): string | undefined =>
  subject.migrations.find((m) => m.up?.file === path || m.down?.file === path || m.code === path)?.id ??
  subject.problems.find((problem) => problem.place?.file === path)?.migration

/** The problems that the layout saw under this rule. */
export const problemsOf = (subject: Subject, rule: string): readonly Said[] =>
  subject.problems
    .filter((problem) => problem.rule === rule)
    .map(({ migration, place, message, why, fix }) => ({ migration, place, message, why, fix }))
