// The facts about a script as a live database would have them: with the rows of its tables.
import { identifier } from '../sql/quote.js'
import type { Impact, RowFailure } from './facts.js'

/** `rowsOf` gives the rows of a live relation, undefined where they are not known. */
export function atLiveSize(impact: Impact, rowsOf: (relation: string) => number | undefined): Impact {
  const scaled = <W extends { readonly relation: string; readonly rows: number }>(
    work: W,
    more: (share: number, rows: number) => Partial<W> = () => ({}),
  ): W => {
    const rows = rowsOf(work.relation)
    return rows === undefined ? work : { ...work, rows, ...more(work.rows === 0 ? 0 : rows / work.rows, rows) }
  }
  return {
    ...impact,
    relations: impact.relations.map((one) => {
      const rows = rowsOf(one.relation)
      return rows === undefined ? one : { ...one, rows, source: 'live' }
    }),
    rewritten: impact.rewritten.map((one) => scaled(one)),
    built: impact.built.map((one) => scaled(one)),
    scanned: impact.scanned.map((one) => scaled(one, (_, rows) => ({ read: one.times * rows }))),
    changed: impact.changed.map((one) =>
      scaled(one, (share) => ({
        inserted: Math.round(one.inserted * share),
        updated: Math.round(one.updated * share),
        deleted: Math.round(one.deleted * share),
      })),
    ),
  }
}

/**
 * The query that counts the rows that make a script fail, on a live database; undefined where the failure does not say which ones
 * they are. `name` is the relation in SQL form.
 */
export function failingRowsQuery({ sqlstate, needs, column, key }: RowFailure, name: string): string | undefined {
  if (sqlstate === '23502' && needs === undefined) return `SELECT count(*), 0 FROM ${name}`
  if (sqlstate === '23502' && column !== undefined)
    return `SELECT count(*), 0 FROM ${name} WHERE ${identifier(column)} IS NULL`
  if (sqlstate === '23505' && key !== undefined) {
    return `SELECT coalesce(sum(n), 0), 0 FROM (SELECT count(*) n FROM ${name} GROUP BY ${key} HAVING count(*) > 1) equal`
  }
  return undefined
}
