// One secret that holds the addresses of all databases -> a variable for each.
import { dsnVariable } from '../core/dsn-variable.js'
import { UserError } from '../core/errors.js'

/** The variable that holds them, a line each: `core_db=postgres://...`. */
export const ALL_DSNS = 'DATABASE_DSNS'

/** The addresses in it, for hiding: whatever stands behind the first equals sign of a line. */
export const linesOf = (text = ''): readonly string[] =>
  text.split(/\r\n|\r|\n/).flatMap((line) => line.slice(line.indexOf('=') + 1).trim() || [])

/**
 * What the lines add to the variables; one that is set already stays. Blank lines and lines that begin with `#` count for
 * nothing. Throws a UserError that says which line is wrong, and nothing of what stands in it.
 */
export function dsnsOf(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const lines = (environment[ALL_DSNS] ?? '').split(/\r\n|\r|\n/)
  const found = lines.flatMap((line, i): readonly (readonly [string, string])[] => {
    if (line.trim() === '' || line.trim().startsWith('#')) return []
    const [, name, dsn] = /^\s*([\w.-]+)\s*=\s*(\S.*?)\s*$/.exec(line) ?? []
    if (name !== undefined && dsn !== undefined) return [[dsnVariable(name), dsn]]
    const what = `line ${i + 1} of the variable ${ALL_DSNS} names no database and address`
    throw new UserError({
      kind: 'use',
      what,
      fix: 'Write each line like this: core_db=postgres://user:password@host:5432/core_db',
    })
  })
  return Object.fromEntries(found.filter(([name]) => (environment[name]?.trim() ?? '') === ''))
}
