// Most rows of an existing table that one transaction updates or deletes.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS_GOOSE } from '../samples.js'
import { massWay } from './better-way.js'
import { runOnEffects } from './judged.js'

const WHY =
  'One transaction keeps all these rows locked until its end, writes each of them again, fills the log that replicas have to follow, and leaves as many dead rows behind.'

export const massChange: Rule = {
  id: 'mass-change',
  title: 'Many rows are changed in batches',
  level: 'warning',
  why: WHY,
  bad: `${MERGED_ORDERS_GOOSE}
-- 00002_upper_notes.sql
-- +goose Up
UPDATE orders SET note = upper(note);
-- +goose Down
SELECT 1;`,
  good: `${MERGED_ORDERS_GOOSE}
-- 00002_upper_notes.sql
-- +goose NO TRANSACTION
-- +goose Up
-- +goose StatementBegin
CREATE PROCEDURE upper_notes() LANGUAGE plpgsql AS $$
BEGIN
  LOOP
    UPDATE orders SET note = upper(note)
    WHERE id IN (SELECT id FROM orders WHERE note <> upper(note) LIMIT 500);
    EXIT WHEN NOT FOUND;
    COMMIT;
  END LOOP;
END
$$;
-- +goose StatementEnd
CALL upper_notes();
DROP PROCEDURE upper_notes;
-- +goose Down
SELECT 1;`,
  run: runOnEffects('mass-change', WHY, massWay),
}
