// The query that finds the rows which make a script fail, for a look at the live database before the deploy.
import type { RowFailure } from '../../impact/facts.js'
import { identifier } from '../../sql/quote.js'
import type { Judged } from './judged.js'

/** Names of relations come as a client writes them; those of columns may need quotes. */
const columnName = (name: string): string => (name.startsWith('"') ? name : identifier(name))

/** What to do about the rows, with the query where table and column are known. */
export function rowsWay({ effect, impact, direction }: Judged): string {
  const [relation] = effect.relations
  const [column] = effect.columns ?? []
  const state = impact.failsOnRows?.sqlstate ?? ''
  const first = `${FIXES[state] ?? 'Change the rows first'}, in a statement before this one${direction === 'down' ? ' of the down' : ' or in an earlier migration'}.`
  const query = relation === undefined ? undefined : queryOf(impact.failsOnRows, relation, state, column)
  return query === undefined ? first : `-- ${first}\n-- The live rows that it would fail on:\n${query}`
}

function queryOf(
  failure: RowFailure | undefined,
  relation: string,
  state: string,
  column: string | undefined,
): string | undefined {
  const { key, where } = failure ?? {}
  if (key !== undefined) return `SELECT ${key}, count(*) FROM ${relation} GROUP BY ${key} HAVING count(*) > 1;`
  if (column !== undefined && state !== '23503' && state !== '23514')
    return queryFor(state, relation, columnName(column))
  return where === undefined || where === 'true'
    ? undefined
    : `SELECT count(*) FROM ${relation} failing WHERE ${where};`
}

const FIXES: Readonly<Record<string, string>> = {
  '23502': 'Give the rows a value first (a new column needs a default, or a filling before NOT NULL)',
  '23505': 'Remove or join the duplicates first',
  '23503': 'Delete the rows that refer to nothing, or add what they refer to',
  '23514': 'Change the rows that the check refuses, or add the check with NOT VALID',
  '22001': 'Shorten the values first, or keep the wider type',
  '22003': 'Keep the wider type, or change the values first',
}

function queryFor(state: string, relation: string, column: string): string | undefined {
  switch (state) {
    case '23502':
      return `SELECT count(*) FROM ${relation} WHERE ${column} IS NULL;`
    case '23505':
      return `SELECT ${column}, count(*) FROM ${relation} GROUP BY 1 HAVING count(*) > 1;`
    case '22001':
      return `SELECT max(length(${column}::text)) FROM ${relation};`
    default:
      return undefined
  }
}
