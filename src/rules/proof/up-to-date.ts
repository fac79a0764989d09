// Running up on a database that is up to date.
import type { Rule } from '../rule.js'

const WHY = 'Every start of the application runs it again: rows are doubled, locks are taken, or the start fails.'

export const upToDate: Rule = {
  id: 'up-to-date',
  title: 'Up on an up-to-date database does nothing',
  level: 'warning',
  why: WHY,
  bad: `-- seeds/00010_admin.up.sql
INSERT INTO users (email) VALUES ('admin@example.com');`,
  good: `-- seeds/00010_admin.up.sql
INSERT INTO users (email) VALUES ('admin@example.com') ON CONFLICT (email) DO NOTHING;`,
  run: ({ report }) =>
    report.chain?.upToDate === 'runs again'
      ? [
          {
            migration: undefined,
            place: undefined,
            message: 'up on an up-to-date database does something again',
            why: WHY,
            fix: 'Make the statements idempotent: IF NOT EXISTS, ON CONFLICT DO NOTHING.',
          },
        ]
      : [],
}
