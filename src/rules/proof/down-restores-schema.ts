// Downs that run and leave a schema that differs from the one before the up.
import type { Difference } from '../../catalog/difference.js'
import type { Rule } from '../rule.js'
import { differenceWords } from './proof-results.js'
import { failureWords } from './failures.js'
import { hasIdleDown, provedOf } from './proof-results.js'
import { repairText, tasksFor } from './repair.js'
import { startIn } from '../read-input.js'

export const downRestoresSchema: Rule = {
  id: 'down-restores-schema',
  title: 'The down restores the schema',
  level: 'error',
  why: 'After a rollback the old version of the application runs on a schema that it does not know. The next deploy may fail on what was left behind.',
  bad: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
CREATE INDEX idx_users_name ON users (name);
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  good: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
CREATE INDEX idx_users_name ON users (name);
-- 00002_add_phone.down.sql
DROP INDEX idx_users_name;
ALTER TABLE users DROP COLUMN phone;`,
  run: (input) =>
    provedOf(input).flatMap((proved) => {
      const { migration, proof, group } = proved
      if (proof.down !== 'differs' || hasIdleDown(proved)) return []
      const second =
        proof.again === 'failed' && proof.failure?.direction === 'up'
          ? ` The up then fails on it: ${failureWords(proof.failure)}`
          : ''
      const what = migration.kind === 'seed' ? 'rows' : 'schema'
      const whose = group === 1 ? 'down does' : `the downs of ${group} migrations, proved as one, do`
      return [
        {
          migration: migration.id,
          place: startIn(migration, migration.down === undefined ? 'up' : 'down'),
          message: `${whose} not restore the ${what}: ${differenceWords(proof.differences)}`,
          why: `${consequence(proof.differences)}${migration.kind === 'seed' ? '' : second}`,
          fix: repairText(proof) ?? tasksFor(proof.differences),
        },
      ]
    }),
}

/** The first effect: something missing hurts the old application, something left behind the next deploy. */
function consequence(differences: readonly Difference[]): string {
  const real = differences.filter(({ class: kind }) => kind === 'real')
  const has = (change: Difference['change'], ...kinds: string[]): boolean =>
    real.some((d) => d.change === change && (kinds.length === 0 || kinds.includes(d.kind)))
  if (real.some(({ kind }) => kind === 'rows')) {
    return 'A down removes what its up added, and nothing else: other rows stay, its own do not.'
  }
  const felt = [
    ...(has('lost', 'index') ? ['queries that used the index scan the whole table'] : []),
    ...(has('lost', 'constraint', 'domain constraint', 'trigger', 'policy', 'rule')
      ? ['rows are accepted or seen that were refused or hidden before']
      : []),
    ...(has('lost', 'table', 'column', 'view', 'function', 'procedure', 'enum', 'sequence') ||
    real.some(({ was }) => was !== undefined)
      ? ['the old version of the application misses what it reads and writes']
      : []),
    ...(real.some(({ change, was }) => change === 'changed' && was === undefined)
      ? ['what was changed behaves differently from what the old version of the application expects']
      : []),
    ...(has('left behind') ? ['what was left behind is in the way when the up runs again'] : []),
  ]
  const text = felt.length === 0 ? 'the schema is different from before' : felt.slice(0, 2).join(', and ')
  return `After a rollback ${text}.`
}
