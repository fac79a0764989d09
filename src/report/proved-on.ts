// On what derived lines are proved: a schema alone says nothing about rows.
import type { Repair } from './check-report.js'

/** `proved`, or how far. */
export const provedOn = ({ onRows }: Pick<Repair, 'onRows'>): string =>
  onRows === undefined ? 'proved' : WORDS[onRows]

const WORDS: Readonly<Record<NonNullable<Repair['onRows']>, string>> = {
  fails: 'proved on empty tables; with rows they fail',
  'fails on some': 'proved with rows, but not with all',
  'not tried': 'proved on empty tables',
}
