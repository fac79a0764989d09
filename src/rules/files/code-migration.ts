// Migrations in a programming language: only their own tool can run them.
import type { Rule } from '../rule.js'
import { proofOf } from '../proof/proof-results.js'

const WHY =
  'The effects of this step are unknown. Every later step was proved without it. A step that needs it may have failed for that reason alone.'

export const codeMigration: Rule = {
  id: 'code-migration',
  title: 'Steps in a programming language need an SQL substitute (`stand-ins`)',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_tokens.sql
-- +goose Up
CREATE TABLE tokens (hash text);
-- +goose Down
DROP TABLE tokens;
// 00003_rehash_tokens.go
package migrations

func init() { goose.AddMigrationContext(rehashUp, rehashDown) }`,
  good: `-- 00002_tokens.sql
-- +goose Up
CREATE TABLE tokens (hash text);
-- +goose Down
DROP TABLE tokens;
// 00003_rehash_tokens.go
package migrations

func init() { goose.AddMigrationContext(rehashUp, rehashDown) }
# migration-gate.yml
databases:
  core_db:
    stand-ins:
      "00003": stand-ins/00003_rehash_tokens.sql
-- stand-ins/00003_rehash_tokens.sql
-- +goose Up
UPDATE tokens SET hash = md5(hash);
-- +goose Down
DELETE FROM tokens;`,
  run: (input) =>
    input.migrations.flatMap((migration) => {
      const proof = proofOf(input, migration.id)
      const half = migration.up === undefined ? proof?.up : proof?.down
      if (
        migration.code === undefined ||
        migration.module !== undefined ||
        (half !== undefined && half !== 'not run' && half !== 'missing')
      )
        return []
      return [
        {
          migration: migration.id,
          place: { file: migration.code, line: 1, column: 1 },
          message: `${migration.up === undefined ? 'this step' : 'the down of this step'} cannot run here: it is written in a programming language`,
          why: WHY,
          fix: standInLines(migration.version),
        },
      ]
    }),
}

/** The lines of the config that name the SQL substitute of a version. */
export const standInLines = (version: string): string => `stand-ins:\n  "${version}": path/to/the-same-in.sql`
