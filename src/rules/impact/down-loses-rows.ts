// Downs that do not bring back what the up took or changed.
import type { Rule } from '../rule.js'
import { runOnEffects } from './judged.js'

const WHY =
  'After a rollback the schema is as before, and these values are not: the application reads what the up left.'

export const downLosesRows: Rule = {
  id: 'down-loses-rows',
  title: 'The down restores values as well as the schema',
  level: 'note',
  why: WHY,
  bad: `-- 00002_lower_names.up.sql
UPDATE users SET name = lower(name) || '!' WHERE id IN (SELECT id FROM users ORDER BY id LIMIT 5);
-- 00002_lower_names.down.sql
SELECT 1;`,
  good: `-- 00002_lower_names.up.sql
CREATE TABLE users_names AS SELECT id, name FROM users;
UPDATE users SET name = lower(name) || '!' WHERE id IN (SELECT id FROM users ORDER BY id LIMIT 5);
-- 00002_lower_names.down.sql
UPDATE users SET name = n.name FROM users_names n WHERE n.id = users.id AND n.name IS DISTINCT FROM users.name;
DROP TABLE users_names;`,
  run: runOnEffects(
    'down-loses-rows',
    WHY,
    () =>
      'Keep the old values where the down finds them: in another column, or in a table that the up fills (CREATE TABLE ... AS SELECT ...) and the down reads. Otherwise declare the migration irreversible.',
  ),
}
