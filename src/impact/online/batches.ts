// Statements that change the rows of a table in batches, each of which commits.
import { literal } from '../../sql/quote.js'

/** Pages of a table that one batch looks at: some thousand rows, which are locked for a moment. */
const PAGES = 50

/**
 * Range by range of the table's pages, each in its own transaction; the last statement finds what clients moved meanwhile. `where`
 * must no longer hold for a row that was written. A table with partitions or heirs counts as the largest
 * of them.
 */
export const batched = ({
  table,
  statement,
  where,
}: {
  readonly table: string
  readonly statement: string
  readonly where: string
}): string => `DO $batches$
DECLARE
  pages bigint;
  page bigint := 0;
BEGIN
  WITH RECURSIVE family AS (
    SELECT ${literal(table)}::regclass::oid AS relation
    UNION SELECT inhrelid FROM pg_inherits JOIN family ON inhparent = relation
  )
  SELECT max(pg_relation_size(relation)) / current_setting('block_size')::bigint INTO pages FROM family;
  WHILE page <= pages LOOP
    ${statement}
      WHERE ${where}
        AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + ${PAGES})::tid;
    COMMIT;
    page := page + ${PAGES};
  END LOOP;
  ${statement}
    WHERE ${where};
END
$batches$`
