// Most rows of an existing table that one transaction updates or deletes.
import type { Rule } from '../rule.js'
import { massWay } from './better-way.js'
import { runOnEffects } from './judged.js'

const WHY =
  'One transaction keeps all these rows locked until its end, writes each of them again, fills the log that replicas have to follow, and leaves as many dead rows behind.'

export const massChange: Rule = {
  id: 'mass-change',
  title: 'Many rows are changed in batches',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_lower_names.sql
-- +goose Up
UPDATE users SET name = lower(name);
-- +goose Down
SELECT 1;`,
  good: `-- 00002_lower_names.sql
-- +goose NO TRANSACTION
-- +goose Up
-- +goose StatementBegin
DO $$
BEGIN
  LOOP
    UPDATE users SET name = lower(name)
    WHERE id IN (SELECT id FROM users WHERE name <> lower(name) LIMIT 500);
    EXIT WHEN NOT FOUND;
    COMMIT;
  END LOOP;
END
$$;
-- +goose StatementEnd
-- +goose Down
SELECT 1;`,
  run: runOnEffects('mass-change', WHY, massWay),
}
