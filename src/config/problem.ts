// Problems of a config file, and the error that lists all of them.
import { UserError } from '../model/errors.js'
import type { Place } from '../model/source.js'

/** `key` is the path of the key with dots (`databases.core_db.layout`), empty for the file as a whole. */
export type ConfigProblem = { readonly place: Place; readonly key: string; readonly message: string }

/** Thrown for a config file (exit code 2); `problems` are in the order of the file. */
export class ConfigError extends UserError {
  readonly problems: readonly ConfigProblem[]

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const sorted = problems.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    super({ kind: 'use', what: problemTable(file, sorted), fix: 'See docs/configuration.md for every key.' })
    this.problems = sorted
  }
}

function problemTable(file: string, problems: readonly ConfigProblem[]): string {
  const rows = problems.map(({ place, key, message }) => [`${place.line}:${place.column}`, key, message] as const)
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length))
  const places = width(0)
  const keys = width(1)
  const lines = rows.map(([place, key, message]) =>
    `  ${place.padEnd(places)}  ${key.padEnd(keys)}${keys === 0 ? '' : '  '}${message}`.trimEnd(),
  )
  return [`${file} has ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}`, ...lines].join('\n')
}
