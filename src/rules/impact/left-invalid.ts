// Invalid indexes, switched-off triggers, constraints that are not validated.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { leftWay } from './further-ways.js'
import { runOnEffects } from './judged.js'

const WHY =
  'No query uses an invalid index, and each write pays for it. A switched-off trigger does nothing, also after the deploy. IF NOT EXISTS passes over an invalid index and reports success.'

export const leftInvalid: Rule = {
  id: 'left-invalid',
  title: 'Nothing is left half done',
  level: 'warning',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_note.up.sql
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER note BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION note();
ALTER TABLE orders DISABLE TRIGGER note;
-- 00002_note.down.sql
DROP TRIGGER note ON orders;
DROP FUNCTION note();`,
  good: `${MERGED_ORDERS}
-- 00002_note.up.sql
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER note BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION note();
-- 00002_note.down.sql
DROP TRIGGER note ON orders;
DROP FUNCTION note();`,
  run: runOnEffects('left-invalid', WHY, leftWay),
}
