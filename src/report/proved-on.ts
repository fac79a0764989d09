// On what derived lines are proved: a schema alone says nothing about rows.
import type { Repair } from './check-report.js'

/** `proved`, or how far. */
export const provedOn = ({ onRows }: Pick<Repair, 'onRows'>): string =>
  onRows === undefined
    ? 'proved'
    : onRows === 'fails'
      ? 'proved on empty tables; with rows they fail'
      : 'proved on empty tables'
