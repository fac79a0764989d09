// Ups that make another schema the second time, after a down that restored the first one.
import type { Rule } from '../rule.js'
import { differenceWords } from './proof-results.js'
import { provedOf, restored } from './proof-results.js'
import { startOf } from '../read-input.js'

const WHY = 'Two environments that reached the same version in different ways have different schemas.'

export const againDiffers: Rule = {
  id: 'again-differs',
  title: 'The up makes the same schema every time',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_archive.up.sql
DO $$ BEGIN
  EXECUTE format('CREATE TABLE archive_%s (id bigint)', to_char(clock_timestamp(), 'US'));
END $$;
-- 00002_archive.down.sql
DO $$ BEGIN
  EXECUTE (SELECT format('DROP TABLE %s', oid::regclass) FROM pg_class WHERE relname LIKE 'archive%');
END $$;`,
  good: `-- 00002_archive.up.sql
CREATE TABLE archive (id bigint);
-- 00002_archive.down.sql
DROP TABLE archive;`,
  run: (input) =>
    provedOf(input).flatMap((proved) =>
      proved.proof.again !== 'differs' || !restored(proved)
        ? []
        : [
            {
              migration: proved.migration.id,
              place: proved.migration.up && startOf(proved.migration.up),
              message: `the second up makes another schema: ${differenceWords(proved.proof.againDifferences)}`,
              why: WHY,
              fix: 'Use names and definitions that do not depend on the time, on random values or on existing rows.',
            },
          ],
    ),
}
