// What to write about what a script leaves behind.
import { identifier } from '../../sql/quote.js'
import type { Judged } from './judged.js'
import { outsideTransaction } from './separate-migration.js'

/** For `left-invalid`: one line for each kind of thing that is left on the relation. */
export function leftWay(judged: Judged): string {
  const [relation] = judged.effect.relations
  const kinds = new Set(judged.impact.left.filter((left) => left.relation === (relation ?? '')).map(({ what }) => what))
  return [
    kinds.has('invalid index') &&
      'Drop the invalid index (DROP INDEX CONCURRENTLY) and build it again, without IF NOT EXISTS.',
    kinds.has('trigger off') &&
      `Switch it on at the end of the script: ALTER TABLE ${relation ?? '...'} ENABLE TRIGGER ...;`,
    kinds.has('constraint not validated') &&
      `Validate it in the next migration: ALTER TABLE ${relation ?? '...'} VALIDATE CONSTRAINT ...;`,
  ]
    .filter((line) => line !== false)
    .join('\n')
}

/** For `foreign-key-without-index`. */
export function keyWay(judged: Judged): string {
  const { relations, columns = [] } = judged.effect
  const list = columns.map((name) => (name.startsWith('"') ? name : identifier(name))).join(', ')
  if (list === '')
    return 'Build an index that begins with the columns of the foreign key, in a migration before this one, with CREATE INDEX CONCURRENTLY.'
  return outsideTransaction(judged, `CREATE INDEX CONCURRENTLY ON ${relations[0] ?? '...'} (${list});`)
}
