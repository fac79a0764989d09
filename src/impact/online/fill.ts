// Values for the rows of a new column, in batches that commit.
import { literal } from '../../sql/quote.js'
import { titled } from './course.js'
import { alone, type Stage } from './stage.js'

/** Pages of a table that one batch writes: some ten thousand rows, which are locked for a moment. */
const PAGES = 200

/** `name` as SQL writes it, and the expression of its default. */
export type Filled = { readonly name: string; readonly value: string }

/**
 * Each row without a value gets the default. Range by range of the table's pages, each in its own transaction; the last
 * statement finds what clients moved behind the last page meanwhile.
 */
export function fillStage(table: string, columns: readonly Filled[]): Stage {
  const one = columns.length === 1
  const set = columns
    .map(({ name, value }) => `${name} = ${one ? 'DEFAULT' : `coalesce(${name}, ${value})`}`)
    .join(', ')
  const unset = columns.map(({ name }) => `${name} IS NULL`).join(' OR ')
  return alone(`fill ${titled(table)}`, batched(table, set, one ? unset : `(${unset})`))
}

/** `where` has to hold no more for a row that is written. */
const batched = (table: string, set: string, where: string): string => `DO $fill$
DECLARE
  pages bigint;
  page bigint := 0;
BEGIN
  SELECT coalesce(max(pg_relation_size(relid)), 0) / current_setting('block_size')::bigint INTO pages
    FROM pg_partition_tree(${literal(table)});
  WHILE page <= pages LOOP
    UPDATE ${table} SET ${set}
      WHERE ${where} AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + ${PAGES})::tid;
    COMMIT;
    page := page + ${PAGES};
  END LOOP;
  UPDATE ${table} SET ${set} WHERE ${where};
END
$fill$`
