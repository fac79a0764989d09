// Seeds that do something else the second time.
import type { Rule } from '../rule.js'
import { differenceWords } from './proof-results.js'
import { failureFix, failurePlace, failureWords } from './failures.js'
import { provedOf } from './proof-results.js'
import { startIn } from '../read-input.js'

const WHY =
  'Every new developer, test database and staging deploy runs the seeds again: rows are doubled, or the run stops.'

/** Without a key that covers the row, ON CONFLICT never finds a conflict. */
const ONLY_MISSING =
  'Add only what is missing: ON CONFLICT DO NOTHING where a primary key or a unique constraint covers the row, else INSERT ... SELECT ... WHERE NOT EXISTS (...)'

export const seedIdempotent: Rule = {
  id: 'seed-idempotent',
  title: 'A seed can run twice',
  level: 'error',
  why: WHY,
  bad: `-- 00001_tags.up.sql
CREATE TABLE tags (name text PRIMARY KEY);
-- 00001_tags.down.sql
DROP TABLE tags;
-- seeds/00010_tags.up.sql
INSERT INTO tags (name) VALUES ('new');
-- seeds/00010_tags.down.sql
DELETE FROM tags WHERE name = 'new';`,
  good: `-- 00001_tags.up.sql
CREATE TABLE tags (name text PRIMARY KEY);
-- 00001_tags.down.sql
DROP TABLE tags;
-- seeds/00010_tags.up.sql
INSERT INTO tags (name) VALUES ('new') ON CONFLICT DO NOTHING;
-- seeds/00010_tags.down.sql
DELETE FROM tags WHERE name = 'new';`,
  run: (input) =>
    provedOf(input).flatMap(({ migration, proof: { again, againDifferences, failure } }) => {
      if (migration.kind !== 'seed' || (again !== 'failed' && again !== 'differs')) return []
      if (failure?.environment !== undefined) return []
      const failed = again === 'failed' && failure?.direction === 'up' ? failure : undefined
      return [
        {
          migration: migration.id,
          place: failed === undefined ? startIn(migration, 'up') : failurePlace(input, failed, migration),
          message:
            failed !== undefined
              ? `the seed fails the second time: ${failureWords(failed)}`
              : again === 'failed'
                ? 'the seed fails the second time'
                : `the seed leaves other rows the second time: ${differenceWords(againDifferences)}`,
          why: WHY,
          fix:
            failed === undefined
              ? ONLY_MISSING
              : failed.sqlstate === '23505'
                ? 'ON CONFLICT DO NOTHING'
                : failureFix(input, failed),
        },
      ]
    }),
}
