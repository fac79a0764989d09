// The way back of a migration that others have applied is another one.
import type { Rule } from '../rule.js'
import { runOnChange, firstPlace } from './merged.js'

const WHY =
  'Databases that have applied the up go back with the down as it is now. That is right where it was broken, and a surprise where it was not.'

export const mergedDownEdited: Rule = {
  id: 'merged-down-edited',
  title: 'A down that is merged is mended only where it is broken',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_add_phone.down.sql, changed after it was merged although it was right
ALTER TABLE users DROP COLUMN phone CASCADE;`,
  good: `-- 00002_add_phone.down.sql, changed because it left the column behind
ALTER TABLE users DROP COLUMN phone;`,
  run: runOnChange(({ edited, branch }) =>
    edited.flatMap(({ now, up, down }) =>
      up !== undefined || (down !== 'text' && down !== 'mode' && down !== 'removed')
        ? []
        : [
            {
              migration: now.id,
              place: firstPlace(now, 'down'),
              message: `${now.id} is merged (in ${branch}), and its down ${down === 'removed' ? 'is gone' : 'is another one now'}`,
              why: WHY,
              fix: 'Keep it if the old one was broken: the proof is about the new one. Otherwise take the edit back.',
            },
          ],
    ),
  ),
}
