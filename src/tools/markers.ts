// The comments that show which tool a single-file migration is for. Wider than the grammars, so that a typo still counts.

const MARKERS = [
  ['goose', /^[ \t]*--[^\n]*\+goose/im],
  ['sql-migrate', /^[ \t]*--[ \t]*\+[ \t]*migrate\b/im],
  ['dbmate', /^[ \t]*--[ \t]*migrate:(?:up|down)/im],
] as const

/** The tool whose markers a text carries: the one that comes first in it. */
export function markedFor(text: string): 'goose' | 'sql-migrate' | 'dbmate' | undefined {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text
  const found = MARKERS.flatMap(([tool, pattern]) => {
    const at = pattern.exec(body)?.index
    return at === undefined ? [] : [{ tool, at }]
  })
  return found.sort((a, b) => a.at - b.at)[0]?.tool
}

/**
 * Tools whose files hold both directions, in ways that no layout reads. `holds` follows the name of the tool. Source: their
 * own documentation.
 */
const FOREIGN: readonly { readonly tool: string; readonly pattern: RegExp; readonly holds?: string }[] = [
  {
    tool: 'Liquibase',
    // Only as the first line: https://docs.liquibase.com/concepts/changelogs/sql-format.html
    pattern: /^\uFEFF?\s*--[ \t]*liquibase[ \t]+formatted[ \t]+sql\b/i,
    holds: 'whose changesets stand in one file with their rollbacks',
  },
  { tool: 'node-pg-migrate', pattern: /^[ \t]*--[- \t]*(?:up|down)[ \t]+migration/im },
  { tool: 'tern', pattern: /^---- create above \/ drop below ----/m },
  { tool: 'rambler', pattern: /^[ \t]*--[ \t]*rambler[ \t]+(?:up|down)\b/im },
  { tool: 'micrate', pattern: /^[ \t]*--[ \t]*\+micrate[ \t]+(?:up|down)\b/im },
  { tool: 'MyBatis Migrations', pattern: /^[ \t]*--[ \t]*\/\/[ \t]*@undo\b/im },
  { tool: 'Play evolutions', pattern: /^[ \t]*#[ \t]*---[ \t]*!(?:ups|downs)\b/im },
]

/** The tool of those that a file is for: run as one script, its down would follow its up at once. */
export const foreignTool = (text: string): string | undefined => FOREIGN.find(({ pattern }) => pattern.test(text))?.tool

/** The tool with what its files hold, for the end of a sentence. */
export function foreignWords(tool: string): string {
  const { holds = 'which keeps both directions in one file' } = FOREIGN.find((one) => one.tool === tool) ?? {}
  return `${tool}, ${holds}`
}
