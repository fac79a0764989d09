// Passwords and keys written into migrations.
import { findSecrets } from '../../sql/secrets.js'
import type { Rule } from '../rule.js'
import { judgedFiles, migrationOf, placeIn } from '../read-input.js'

const WHY =
  'Everyone who can read the repository, its clones and its logs has the secret. That holds for every environment, as long as the history lasts.'
const SHOWN = 4

export const secret: Rule = {
  id: 'secret',
  title: 'No passwords or keys',
  level: 'error',
  why: WHY,
  bad: `-- 00002_reporting.up.sql
CREATE ROLE reporting LOGIN PASSWORD 'correct-horse';
-- 00002_reporting.down.sql
DROP ROLE reporting;`,
  good: `-- 00002_reporting.up.sql
CREATE ROLE reporting LOGIN;
-- 00002_reporting.down.sql
DROP ROLE reporting;`,
  run: (input) =>
    judgedFiles(input).flatMap((file) =>
      findSecrets(file.text).map(({ kind, start, end }) => ({
        migration: migrationOf(input, file.path),
        place: placeIn(file, start),
        message: `${kind} in the file (${hint(file.text.slice(start, end))})`,
        why: WHY,
        fix: 'Change the secret where it is used, then remove it here. Set it from the secret store when the environment is created.',
      })),
    ),
}

/** Enough to find the secret, never enough to use it: at most a fourth of it, and at most four characters. */
const hint = (text: string): string => {
  const characters = Array.from(text)
  return `${characters.slice(0, Math.min(SHOWN, Math.floor(characters.length / 4))).join('')}..., ${characters.length} characters`
}
