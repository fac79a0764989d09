// Ups that fail when they run a second time, after a down that restored the schema.
import type { Rule } from '../rule.js'
import { failed } from './failures.js'
import { leftRows } from './left-rows.js'
import { provedOf, restored } from './proof-results.js'

const WHY = 'After a rollback the same version cannot be deployed again.'

export const againFails: Rule = {
  id: 'again-fails',
  title: 'The up runs again after the down',
  level: 'error',
  why: WHY,
  bad: `-- 00002_first_admin.up.sql
INSERT INTO users (id, email) VALUES (1, 'admin@example.com');
CREATE UNIQUE INDEX idx_users_email ON users (email);
-- 00002_first_admin.down.sql
DROP INDEX idx_users_email;`,
  good: `-- 00002_first_admin.up.sql
INSERT INTO users (id, email) VALUES (1, 'admin@example.com');
CREATE UNIQUE INDEX idx_users_email ON users (email);
-- 00002_first_admin.down.sql
DROP INDEX idx_users_email;
DELETE FROM users WHERE email = 'admin@example.com';`,
  run: (input) =>
    provedOf(input).flatMap((proved) => {
      const { migration, proof } = proved
      if (proof.again !== 'failed' || !restored(proved)) return []
      const rows = proof.failure && leftRows(proof.failure)
      return failed({ input, migration, failure: proof.failure, what: 'up fails the second time', why: WHY }).map(
        (finding) => (rows === undefined ? finding : { ...finding, why: `${rows.why} ${WHY}`, fix: rows.fix }),
      )
    }),
}
