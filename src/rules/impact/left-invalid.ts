// Invalid indexes, switched-off triggers, constraints that are not validated.
import type { Rule } from '../rule.js'
import { leftWay } from './further-ways.js'
import { runOnEffects } from './judged.js'

const WHY =
  'No query uses an invalid index, and each write pays for it. A switched-off trigger does nothing, also after the deploy. IF NOT EXISTS passes over an invalid index and reports success.'

export const leftInvalid: Rule = {
  id: 'left-invalid',
  title: 'Nothing is left half done',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_quiet.up.sql
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER note BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION note();
ALTER TABLE users DISABLE TRIGGER note;
-- 00002_quiet.down.sql
DROP TRIGGER note ON users;
DROP FUNCTION note();`,
  good: `-- 00002_quiet.up.sql
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER note BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION note();
-- 00002_quiet.down.sql
DROP TRIGGER note ON users;
DROP FUNCTION note();`,
  run: runOnEffects('left-invalid', WHY, leftWay),
}
