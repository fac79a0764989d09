// Lists the migrations that declare themselves irreversible.
import type { Rule } from '../rule.js'
import { startOf } from '../read-input.js'

const WHY = 'A rollback stops before this migration. Only a backup goes further back.'

export const irreversible: Rule = {
  id: 'irreversible',
  title: 'Migrations that cannot be rolled back, on purpose',
  level: 'note',
  why: WHY,
  bad: `-- 00005_drop_legacy.up.sql
-- migration-gate: irreversible because the rows are archived elsewhere
DROP TABLE legacy_events;`,
  good: `-- 00005_archive_legacy.up.sql
ALTER TABLE legacy_events RENAME TO archived_events;
-- 00005_archive_legacy.down.sql
ALTER TABLE archived_events RENAME TO legacy_events;`,
  run: (input) =>
    input.migrations.flatMap((migration) => {
      const { irreversible: declared, up } = migration
      if (declared === undefined) return []
      return [
        {
          migration: migration.id,
          place: declared.place ?? (up === undefined ? undefined : startOf(up)),
          message: `irreversible: ${declared.reason}`,
          why: WHY,
          fix: 'Nothing to do. Take a backup before the deploy, and give the reason in the plan.',
        },
      ]
    }),
}
