// Seeds that do something else the second time.
import type { Difference } from '../../catalog/difference.js'
import type { Rule } from '../rule.js'
import { onConflict } from './left-rows.js'
import { differenceWords } from './proof-results.js'
import { failureFix, failurePlace, failureWords } from './failures.js'
import { provedOf } from './proof-results.js'
import { startIn } from '../read-input.js'

const WHY =
  'Every new developer, test database and staging deploy runs the seeds again: rows are doubled, or the run stops.'

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
      if (failure?.direction === 'up' && failure.environment !== undefined) return []
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
            again === 'differs'
              ? fixFor(againDifferences)
              : failed === undefined
                ? TWICE
                : failed.sqlstate === '23505'
                  ? onConflict(failed)
                  : failureFix(input, failed),
        },
      ]
    }),
}

/** Where the down failed as well, that is the failure in the report. */
const TWICE = 'Make each statement safe to run twice: INSERT ... ON CONFLICT (its unique key) DO NOTHING.'

/** Rows that came twice met no unique key, so ON CONFLICT alone would find no conflict either. */
const fixFor = (differences: readonly Difference[]): string =>
  differences.some(({ change }) => change === 'left behind')
    ? 'Insert only what is missing: INSERT INTO ... SELECT ... WHERE NOT EXISTS (...). Or add a unique key in a migration, and insert with ON CONFLICT (that key) DO NOTHING.'
    : 'Write values that do not depend on an earlier run: no counters, no random values, no current times.'
