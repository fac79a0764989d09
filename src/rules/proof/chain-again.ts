// All ups again, after all downs.
import { isRestored } from '../../catalog/difference.js'
import type { Rule } from '../rule.js'
import { differenceWords } from './proof-results.js'
import { failed } from './failures.js'
import { migrationNamed, provedOf } from './proof-results.js'

const WHY = 'A database that was rolled back completely cannot reach the same version again.'

const AFTER_FIRST_UP = `-- 00001_copy_countries.down.sql
DROP TABLE places;
-- 00002_drop_population.up.sql
ALTER TABLE countries DROP COLUMN population;
-- 00002_drop_population.down.sql
ALTER TABLE countries ADD COLUMN population integer;`

export const chainAgain: Rule = {
  id: 'chain-again',
  title: 'All ups in a row run again after all downs',
  level: 'error',
  why: `${WHY} Reported only where the downs led back to the start and no single migration explains it.`,
  bad: `-- 00001_copy_countries.up.sql
CREATE TABLE places (code text, population integer, name text);
INSERT INTO places SELECT * FROM countries;
${AFTER_FIRST_UP}`,
  good: `-- 00001_copy_countries.up.sql
CREATE TABLE places (code text, population integer, name text);
INSERT INTO places (code, name) SELECT code, name FROM countries;
${AFTER_FIRST_UP}`,
  run: (input) => {
    const { chain } = input.report
    if (chain === undefined || !isRestored(chain.down)) return []
    if (provedOf(input).some(({ proof }) => proof.again === 'failed' || proof.again === 'differs')) return []
    if (chain.again === 'failed') {
      const migration = migrationNamed(input, chain.stoppedAt)
      const what = 'up fails the second time, after all downs'
      return failed({ input, migration, failure: chain.failure, what, why: WHY })
    }
    if (chain.again !== 'differs') return []
    return [
      {
        migration: undefined,
        place: undefined,
        message: `all ups after all downs make another schema: ${differenceWords(chain.againDifferences)}`,
        why: WHY,
        fix: 'Find the migration that makes the difference. Make its up and down independent of what existed before.',
      },
    ]
  },
}
