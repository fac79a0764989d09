// Statements that write rows of a table, and found none among the made-up ones.
import type { Impact } from './facts.js'

/** The tables that a script locks to write rows, whose made-up rows it left as they are: how many it changes elsewhere is not known. */
export const unmatchedWrites = ({ holds, relations, changed }: Impact): readonly string[] =>
  holds
    .filter(({ mode, relation }) => mode === 'ROW EXCLUSIVE' && !changed.some((one) => one.relation === relation))
    .map(({ relation }) => relation)
    .filter((name) => relations.some(({ relation, source }) => relation === name && source === 'made up'))
