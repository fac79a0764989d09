// The facts about a script as a live database would have them: with the rows of its tables.
import type { Impact } from './facts.js'

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
