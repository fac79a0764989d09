// Recorded results of proofs, as inputs of the rules about proofs: no server is needed.
import type { Difference } from '../../src/catalog/difference.js'
import type { Finding } from '../../src/model/finding.js'
import type { ChainReport, Proof, ScriptFailure } from '../../src/report/check-report.js'
import { runRules } from '../../src/rules/run.js'
import { filesOf, inputOf, type Options } from './input.js'

/** Three migrations: a table, a column, and rows whose down does nothing. */
export const FILES = {
  '00001_users.up.sql': 'CREATE TABLE users (id int);\n',
  '00001_users.down.sql': 'DROP TABLE users;\n',
  '00002_phone.up.sql': '\nALTER TABLE users ADD COLUMN phone text;\n',
  '00002_phone.down.sql': '-- back\n  ALTER TABLE users DROP COLUMN phone;\n',
  '00003_idle.up.sql': 'UPDATE users SET id = 1;\n',
  '00003_idle.down.sql': 'SELECT 1;\n',
}

/** What the rules find where each of `FILES` holds, but for what is stated. */
export const proofFindings = (options: Options): readonly Finding[] => {
  const ok = { '00001_users': {}, '00002_phone': {}, '00003_idle': {} }
  const input = inputOf(filesOf(FILES), { ...options, proofs: { ...ok, ...options.proofs } })
  return runRules({ input, levels: { 'nothing-to-undo': 'off' } })
}

/** An up that misses a table, but for what is stated. */
export const failure = (change: Partial<ScriptFailure>): ScriptFailure => ({
  direction: 'up',
  sqlstate: '42P01',
  message: 'relation "users" does not exist',
  detail: undefined,
  hint: undefined,
  place: undefined,
  line: undefined,
  environment: undefined,
  ...change,
})

/** An index that a down lost, but for what is stated. */
export const difference = (change: Partial<Difference>): Difference => ({
  change: 'lost',
  class: 'real',
  kind: 'index',
  identity: 'public.idx_users_name',
  parent: 'table public.users',
  before: 'CREATE INDEX idx_users_name ON public.users USING btree (name)',
  after: undefined,
  ...change,
})

/** The proof of the second migration of `FILES`. */
export const step = (proof: Partial<Proof>): Options => ({ proofs: { '00002_phone': proof } })

/** What the rules find where the whole chain of `FILES` ended so. */
export const chainFindings = (change: Partial<ChainReport>, proofs: Options['proofs'] = {}): readonly Finding[] =>
  proofFindings({
    proofs,
    report: {
      chain: {
        down: 'same',
        again: 'same',
        upToDate: 'nothing to do',
        downs: 3,
        stoppedAt: undefined,
        differences: [],
        againDifferences: [],
        failure: undefined,
        milliseconds: 1,
        ...change,
      },
    },
  })

/** A row that a second run of a seed left. */
export const rowsLeft = difference({
  change: 'left behind',
  kind: 'rows',
  identity: 'public.users',
  before: '1 row',
  after: '2 rows',
})

/** What the rules find in a seed with this proof. */
export const seedFindings = (proof: Partial<Proof>): readonly Finding[] => {
  const files = filesOf({
    '00010_admin.up.sql': 'INSERT INTO users VALUES (1);',
    '00010_admin.down.sql': 'DELETE FROM users;',
  })
  return runRules({ input: inputOf(files, { kind: 'seed', proofs: { '00010_admin': proof } }), levels: {} })
}
