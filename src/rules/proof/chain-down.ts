// All downs from the newest to the oldest, where no single step explains the failure.
import { isRestored, type Difference } from '../../catalog/difference.js'
import type { Rule, RuleInput } from '../rule.js'
import { differenceWords } from './proof-results.js'
import { failed } from './failures.js'
import { migrationNamed, provedOf } from './proof-results.js'
import { startOf } from '../read-input.js'

const WHY = 'A rollback over several versions, or the teardown of a test database, does not arrive where it started.'

const UNTIL_LAST_DOWN = `-- 00001_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text NOT NULL;
-- 00001_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;
-- 00002_phone_optional.up.sql
ALTER TABLE users ALTER COLUMN phone DROP NOT NULL;
-- 00002_phone_optional.down.sql
ALTER TABLE users ALTER COLUMN phone SET NOT NULL;
-- 00003_robot.up.sql
INSERT INTO users (id, name) VALUES (1, 'robot');
-- 00003_robot.down.sql`

export const chainDown: Rule = {
  id: 'chain-down',
  title: 'All downs in a row lead back to the empty database',
  level: 'error',
  why: `${WHY} Reported only where no single migration explains it.`,
  bad: `${UNTIL_LAST_DOWN}
SELECT 1;`,
  good: `${UNTIL_LAST_DOWN}
DELETE FROM users WHERE name = 'robot';`,
  run: (input) => {
    const { chain } = input.report
    if (chain === undefined || explained(input)) return []
    if (chain.down === 'failed') {
      const migration = migrationNamed(input, chain.stoppedAt)
      const what = `down fails after the downs of all later migrations (${chain.downs} succeeded)`
      return failed({ input, migration, failure: chain.failure, what, why: WHY })
    }
    if (chain.down !== 'differs' && chain.down !== 'empty') return []
    const first = input.migrations[0]?.down
    return [
      {
        migration: undefined,
        place: first && startOf(first),
        message: `after all ${chain.downs} downs the database is not as it was before the first up: ${differenceWords(chain.differences)}`,
        why: WHY,
        fix: 'Find the migration that made it (its up contains the name) and roll it back in that down.',
      },
    ]
  },
}

/**
 * One finding for one fact. A finding about the step at which a chain stopped explains it, and so does one about a later
 * step that leaves what the server names as the obstacle. Any step that does not restore its start explains a database that
 * is not empty at the end.
 */
function explained(input: RuleInput): boolean {
  const { chain } = input.report
  const steps = provedOf(input)
  if (chain?.down !== 'failed') {
    return steps.some((step) => !isRestored(step.proof.down) && step.proof.down !== 'not run')
  }
  const stopped = steps.findIndex(({ migration }) => migration.id === chain.stoppedAt)
  const obstacle = `${chain.failure?.message ?? ''} ${chain.failure?.detail ?? ''}`
  return (
    steps[stopped]?.proof.down === 'failed' ||
    (chain.failure?.sqlstate === DEPENDENTS &&
      steps.slice(stopped + 1).some(({ proof }) => proof.differences.some((left) => isNamedIn(left, obstacle))))
  )
}

/** dependent_objects_still_exist */
const DEPENDENTS = '2BP01'

const isNamedIn = ({ change, kind, identity }: Difference, text: string): boolean => {
  const [, name = identity] = /(?:^|[ .])("(?:[^"]|"")+"|[^\s."]+)$/.exec(identity) ?? []
  return change !== 'lost' && kind !== 'comment' && new Set(text.match(/"(?:[^"]|"")+"|[\w$]+/g) ?? []).has(name)
}
