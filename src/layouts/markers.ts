// The comments by which a single-file migration tells whose it is. Wider than the grammars, so that a slip is still seen.

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

/** node-pg-migrate's sections (`-- Up Migration`), which no layout reads yet. */
export const NODE_PG_MIGRATE = /^[ \t]*--[- \t]*(?:up|down)[ \t]+migration/im
