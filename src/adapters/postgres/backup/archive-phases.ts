// The list of contents of an archive, in the parts in which it is restored. Pure.

/** Lines of `pg_restore --list`: what is made before the rows, the rows, and the rest. */
export type Phases = {
  readonly before: readonly string[]
  readonly rows: readonly string[]
  readonly after: readonly string[]
}

/** `12; 1255 16388 FUNCTION public f(text) owner`. All other lines are comments. */
const ENTRY = /^\d+; \d+ \d+ /
const ROUTINE = /^\d+; \d+ \d+ (?:FUNCTION|PROCEDURE|AGGREGATE|EXTENSION|COMMENT|SECURITY LABEL) /
/** Objects in an archive that can hold routines. An extension brings its own. */
const HOLDS_ROUTINES = /^\d+; \d+ \d+ (?:FUNCTION|PROCEDURE|EXTENSION) /m
const ACL = /^\d+; \d+ \d+ ACL /

export const holdsRoutines = (list: string): boolean => HOLDS_ROUTINES.test(list)

/**
 * From the lists of the three sections. Rights are restored after the rows, as pg_restore does it: an owner may have
 * given up the right to write (PostgreSQL, RESTORE_PASS_ACL).
 */
export function phasesOf(sections: {
  readonly preData: string
  readonly data: string
  readonly postData: string
}): Phases {
  const [preData = [], rows = [], postData = []] = [sections.preData, sections.data, sections.postData].map(entries)
  const rights = preData.filter((line) => ACL.test(line))
  return {
    before: preData.filter((line) => !ACL.test(line)),
    rows,
    after: [...postData, ...rights],
  }
}

const entries = (list: string): readonly string[] => list.split('\n').filter((line) => ENTRY.test(line))

/** Parts that each end after a run of routines, so that something can be done to them before they are used. */
export function afterEachRoutines(lines: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]]
  for (const [at, line] of lines.entries()) {
    if (at > 0 && !ROUTINE.test(line) && ROUTINE.test(lines[at - 1] ?? '')) parts.push([])
    parts.at(-1)?.push(line)
  }
  return parts
}

/** `tables` as `schema table`. */
export const isRowsOf = (line: string, tables: ReadonlySet<string>): boolean => {
  const [, rest] = /^\d+; \d+ \d+ TABLE DATA (.*)$/.exec(line) ?? []
  if (rest === undefined) return false
  // The owner is the last word; names may have spaces.
  for (let at = rest.lastIndexOf(' '); at > 0; at = rest.lastIndexOf(' ', at - 1))
    if (tables.has(rest.slice(0, at))) return true
  return false
}
