// One statement of a down, and the facts that decide its place.

/** Names that must all be mentioned to refer to the object: a table, or a table and its column. */
export type Names = readonly string[]

/**
 * `removes` and `makes` are the objects that are gone or exist after the step. `frees` is the text that used them in the
 * starting state of the down: the step runs before those are removed. `needs` is text whose objects must exist first.
 * `rank` decides among steps that are free to run; smaller is earlier. `loses` and `note` are sentences for the readers
 * of the down. `alone` is a statement that runs in no transaction, so that it is no part of a down.
 */
export type Step = {
  readonly sql: readonly string[]
  readonly rank: number
  readonly removes?: Names | undefined
  readonly makes?: Names | undefined
  readonly frees?: string | undefined
  readonly needs?: string | undefined
  readonly loses?: string | undefined
  readonly note?: string | undefined
  readonly alone?: string
}

/** Schemas come before the objects that move into them. Then dependents are dropped first and made last. */
export const RANK = {
  makeSchema: -20,
  renamed: -10,
  disowned: 0,
  dropTrigger: 1,
  dropRule: 2,
  dropPolicy: 3,
  dropOther: 4,
  detach: 6,
  dropForeignKey: 8,
  dropView: 10,
  dropConstraint: 20,
  dropDefault: 22,
  dropIndex: 24,
  dropStatistics: 26,
  dropColumn: 30,
  dropTable: 35,
  dropSequence: 40,
  dropRoutine: 45,
  dropType: 50,
  dropExtension: 60,
  dropSchema: 70,
  setAside: 90,
  makeExtension: 202,
  makeType: 205,
  makeSequence: 210,
  makeTable: 215,
  attach: 218,
  makeColumn: 220,
  retype: 222,
  dropSetAside: 224,
  alterColumn: 226,
  makeRoutine: 228,
  makeDefault: 230,
  fill: 232,
  makeConstraint: 240,
  makeIndex: 245,
  makeView: 248,
  makeForeignKey: 250,
  own: 255,
  makeTrigger: 260,
  makeRule: 262,
  makePolicy: 264,
  makeStatistics: 266,
  makeOther: 268,
  flags: 270,
  owner: 280,
  grants: 290,
  comment: 295,
  role: 300,
} as const

export const step = (rank: number, sql: string | readonly string[], more: Omit<Step, 'sql' | 'rank'> = {}): Step => ({
  sql: typeof sql === 'string' ? [sql] : sql,
  rank,
  ...more,
})

export const noted = (note: string): Step => ({ sql: [], rank: 0, note })
