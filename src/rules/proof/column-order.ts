// Downs that restore a column at another position.
import type { Rule } from '../rule.js'
import { provedOf } from './proof-results.js'
import { startOf } from '../read-input.js'
import { ADD_PHONE } from '../samples.js'

const WHY = 'PostgreSQL appends a column that is added again. Only SELECT * and INSERT without a column list notice.'

export const columnOrder: Rule = {
  id: 'column-order',
  title: 'Columns keep their order',
  level: 'note',
  why: WHY,
  bad: `-- 00002_drop_name.up.sql
ALTER TABLE users DROP COLUMN name;
-- 00002_drop_name.down.sql
ALTER TABLE users ADD COLUMN name text;`,
  good: ADD_PHONE,
  run: (input) =>
    provedOf(input).flatMap(({ migration, proof }) => {
      const after = proof.down === 'column-order' ? 'down' : 'second up'
      if (proof.down !== 'column-order' && proof.again !== 'column-order') return []
      const differences = after === 'down' ? proof.differences : proof.againDifferences
      const moved = differences.filter((difference) => difference.class === 'column-order')
      const tables = [...new Set(moved.map((d) => d.parent ?? d.identity))]
      const script = migration.down ?? migration.up
      return [
        {
          migration: migration.id,
          place: script && startOf(script),
          message: `columns of ${tables.slice(0, 3).join(', ')} are in another order after the ${after}`,
          why: WHY,
          fix: 'Nothing to do, as long as every INSERT names its columns.',
        },
      ]
    }),
}
