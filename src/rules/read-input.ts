// Reads a rule input: its scripts, their statements, its files, and places in them.
import type { UpEffect } from '../catalog/up-effect.js'
import { compareBytes } from '../model/version.js'
import type { Direction, LayoutName, Message, Migration, Script } from '../model/migration.js'
import type { Place } from '../model/source.js'
import { placeAt } from '../model/position.js'
import type { SourceFile } from '../model/source.js'
import type { Statement } from '../sql/statements.js'
import { statementsIn } from '../sql/statements.js'
import type { RuleFinding, RuleInput } from './rule.js'

export type JudgedScript = { readonly migration: Migration; readonly direction: Direction; readonly script: Script }

/** The scripts of all files under review, the up of a migration before its down. */
export const scriptsOf = (input: RuleInput): readonly JudgedScript[] =>
  input.migrations.flatMap((migration) =>
    (['up', 'down'] as const).flatMap((direction) => {
      const script = migration[direction]
      return script === undefined || input.judged?.has(script.file) === false ? [] : [{ migration, direction, script }]
    }),
  )

/** `place` is computed on demand, as it walks through the message. `alone`: the message holds no other statement. */
export type PlacedStatement = {
  readonly statement: Statement
  readonly message: Message
  readonly place: () => Place
  readonly alone: boolean
}

/** The statements of a script in their order. */
export const statementsOf = (script: Script): readonly PlacedStatement[] =>
  script.messages.flatMap((message) => {
    const statements = statementsIn(message)
    return statements.map((statement) => ({
      statement,
      message,
      place: () => ({ file: script.file, ...placeAt(message, statement.start) }),
      alone: statements.length === 1,
    }))
  })

/** Where a script starts; when it holds nothing, the line that marks it, else the file's first line. */
export function startOf(script: Script): Place {
  const first = statementsOf(script)[0]?.place()
  if (first !== undefined) return first
  const message = script.messages[0]
  return {
    file: script.file,
    ...(message === undefined ? { line: script.marker ?? 1, column: 1 } : placeAt(message, 0)),
  }
}

/** Where a direction of a migration starts; of a module, its first line. */
export function startIn(migration: Migration, direction: Direction): Place | undefined {
  const script = migration[direction]
  if (script !== undefined) return startOf(script)
  return migration.module && { file: migration.module.file, line: 1, column: 1 }
}

/** The migrations whose up ran in the proof, in order, with what it did to the catalogue. Nothing without a proof. */
export const upEffectsOf = (
  input: RuleInput,
): readonly { readonly migration: Migration; readonly effect: UpEffect }[] =>
  input.migrations.flatMap((migration) => {
    const effect = input.effects.get(migration.id)
    return effect === undefined ? [] : [{ migration, effect }]
  })

/** The files under review that hold migrations or have a problem, without those that the layout ignores. */
export function judgedFiles(input: RuleInput): readonly SourceFile[] {
  const known = new Set([
    ...scriptsOf(input).map(({ script }) => script.file),
    ...input.problems.flatMap(({ place }) => (place === undefined ? [] : [place.file])),
  ])
  const isJudged = ({ path }: SourceFile): boolean => known.has(path) && input.judged?.has(path) !== false
  return input.files.filter(isJudged).toSorted((a, b) => compareBytes(a.path, b.path))
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

/** A finding in one file, at an offset (UTF-16 units) of its text. */
export type FoundInFile = Omit<RuleFinding, 'migration' | 'place'> & { readonly offset: number }

/** The findings of `find` in every readable file under review. */
export const perFile = (
  input: RuleInput,
  find: (file: SourceFile) => FoundInFile | undefined,
): readonly RuleFinding[] =>
  judgedFiles(input).flatMap((file) => {
    const found = file.unreadable === undefined ? find(file) : undefined
    if (found === undefined) return []
    const { offset, ...finding } = found
    return [{ migration: migrationOf(input, file.path), place: placeIn(file, offset), ...finding }]
  })

/** The id of the migration that a file belongs to. */
export const migrationOf = (input: RuleInput, path: string): string | undefined =>
  input.migrations.find((m) => m.up?.file === path || m.down?.file === path || m.code === path)?.id ??
  input.problems.find((problem) => problem.place?.file === path)?.migration

/** The problems that the layout reported for this rule while it read the folder. */
export const problemsOf = (input: RuleInput, rule: string): readonly RuleFinding[] =>
  input.problems
    .filter((problem) => problem.rule === rule)
    .map(({ migration, place, message, why, fix }) => ({ migration, place, message, why, fix }))

/** The tool whose rules a layout follows, as people call it. */
export const TOOLS: Readonly<Record<LayoutName, string>> = {
  pairs: 'the tool',
  goose: 'goose',
  'sql-migrate': 'sql-migrate',
  dbmate: 'dbmate',
  directories: 'the tool',
}
