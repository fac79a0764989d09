// What no sample row shows: tables of a renamed schema, columns that a table without rows requires now, and constraints that
// rows of before do not keep.
import type { Broken } from '../../../impact/facts.js'
import { answerEach } from './sample.js'
import type { ClientSession, Relation, World } from './world.js'
import { columnNow, identifierShown } from './writes.js'

/** not_null_violation, foreign_key_violation and check_violation (PostgreSQL, "Error Codes"). */
const REFUSED: Readonly<Record<string, string>> = { n: '23502', f: '23503', c: '23514' }

/** An INSERT without a new column that has to have a value, and gets none by itself. */
export function requiredColumns(before: Relation, now: Relation): readonly Broken[] {
  const old = new Set(before.columns.map((column) => columnNow(before, now, column)?.name))
  return now.columns
    .filter(
      ({ name, notNull, default: value, identity, generated }) =>
        !old.has(name) && notNull && value === null && identity === '' && generated === '',
    )
    .map(({ name }) => ({
      client: `insert ${before.name}`,
      relation: before.name,
      sqlstate: '23502',
      message: `null value in column "${name}" of relation "${now.name}" violates not-null constraint`,
    }))
}

/** New constraints that are not validated, where a row shows that clients have written what is refused now. */
export async function violatedConstraints(
  session: ClientSession,
  pairs: readonly { readonly before: Relation; readonly now: Relation }[],
): Promise<readonly Broken[]> {
  const asked = pairs.flatMap(({ before, now }) => {
    const known = new Set(before.constraints.map(({ name }) => name))
    return now.constraints.flatMap(({ name, type, violated }) =>
      violated === null || known.has(name) ? [] : [{ relation: before.name, name, type, violated }],
    )
  })
  const answers = await answerEach(
    session,
    asked.map(({ violated }) => violated),
  )
  return asked.flatMap(({ relation, name, type }, i) =>
    answers[i]?.length === 1
      ? [
          {
            client: `insert ${relation}`,
            relation,
            sqlstate: REFUSED[type] ?? '23000',
            message: `rows like some of ${relation} violate constraint ${identifierShown(name)}`,
          },
        ]
      : [],
  )
}

/** Tables that have another name though nothing touched them: their schema has. 42P01 is undefined_table. */
export function goneWithSchema(before: World, after: World): readonly Broken[] {
  const looked = new Set(before.relations.map(({ oid }) => oid))
  const names = new Set(after.tables.map(({ sql }) => sql))
  return before.tables
    .filter(({ oid, sql }) => !looked.has(oid) && !names.has(sql))
    .flatMap(({ name }) =>
      ['select', 'insert', 'update'].map((verb) => ({
        client: `${verb} ${name}`,
        relation: name,
        sqlstate: '42P01',
        message: `relation "${name}" does not exist`,
      })),
    )
}
