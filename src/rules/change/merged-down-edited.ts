// The down of a migration that others have applied has changed.
import { isEffective } from '../../model/change.js'
import type { Rule } from '../rule.js'
import { runOnChange, firstPlace } from './merged.js'

const WHY =
  'Databases that have applied the up roll back with the down as it is now. That is right if it was broken, and a surprise if it was not.'

export const mergedDownEdited: Rule = {
  id: 'merged-down-edited',
  title: 'A merged down changes only where it is broken',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql, as merged
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql, as merged
ALTER TABLE users DROP COLUMN phone;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone CASCADE;`,
  good: `-- 00002_add_phone.up.sql, as merged
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql, as merged
ALTER TABLE users DROP COLUMN phone;
-- 00003_index_phone.up.sql
CREATE INDEX users_phone ON users (phone);
-- 00003_index_phone.down.sql
DROP INDEX users_phone;`,
  run: runOnChange(({ edited, branch }) =>
    edited.flatMap(({ now, up, down }) =>
      isEffective(up) || (down !== 'text' && down !== 'mode' && down !== 'removed')
        ? []
        : [
            {
              migration: now.id,
              place: firstPlace(now, 'down'),
              message: `${now.id} is merged (in ${branch}), and its down ${down === 'removed' ? 'is gone' : 'has changed'}`,
              why: WHY,
              fix: 'Keep it if the old one was broken: the proof is about the new one. Otherwise revert the edit.',
            },
          ],
    ),
  ),
}
