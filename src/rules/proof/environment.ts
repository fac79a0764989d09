// What could not be proved because of the server, not because of a migration. The report itself lists a whole database
// that could not be proved.
import { INSUFFICIENT_PRIVILEGE } from '../../sql/missing-privilege.js'
import type { Proof } from '../../report/check-report.js'
import { standInLines } from '../files/code-migration.js'
import type { Rule, RuleFinding, RuleInput } from '../rule.js'
import { failurePlace, failureWords } from './failures.js'
import { ownDatabaseFix } from './own-database.js'
import { migrationNamed, provedOf } from './proof-results.js'

const WHY =
  'The migration may be right: this server cannot show it. Nothing was proved about it or about what depends on it.'

const CONTAINER =
  'In a workflow, a service container can provide what is missing: the image pgvector/pgvector:pg17 has vector, for example.'

const OTHER_ROLE =
  'Give the role that privilege, or name one that has it (--server). Without --server, the check starts a private server.'

export const environment: Rule = {
  id: 'environment',
  title: 'The server has what the migrations need',
  level: 'warning',
  why: `${WHY} ${CONTAINER}`,
  bad: `-- 00002_embeddings.up.sql
CREATE EXTENSION acme_vector;
-- 00002_embeddings.down.sql
DROP EXTENSION acme_vector;`,
  good: `-- 00002_embeddings.up.sql
CREATE TABLE embeddings (id bigint PRIMARY KEY, embedding real[]);
-- 00002_embeddings.down.sql
DROP TABLE embeddings;`,
  run: (input) => {
    const steps = provedOf(input).flatMap(({ migration, proof }) => findingsFor(input, proof, migration.id))
    const { chain } = input.report
    return [...steps, ...(steps.length > 0 || chain === undefined ? [] : findingsFor(input, chain, chain.stoppedAt))]
  },
}

type Failing = Pick<Proof, 'failure'> & Partial<Pick<Proof, 'reason'>>

function findingsFor(input: RuleInput, { failure, reason }: Failing, id: string | undefined): readonly RuleFinding[] {
  if (failure?.environment === undefined) return []
  const migration = migrationNamed(input, id)
  const about = { migration: id, place: failurePlace(input, failure, migration) }
  const { follows, environment: cause } = failure
  if (follows !== undefined) {
    const message = `not judged, because its ${failure.direction} fails: ${failureWords(failure)}`
    return [{ ...about, message, why: `It ${reason ?? cause}.`, fix: wayOut(input, follows), follows }]
  }
  const isModule = migration?.module !== undefined
  return [
    {
      ...about,
      message: `${cause}: ${failureWords(failure)}`,
      why: /^extension /.test(cause) ? `${WHY} ${CONTAINER}` : WHY,
      fix:
        (isModule ? failure.hint : undefined) ??
        (failure.sqlstate === INSUFFICIENT_PRIVILEGE ? OTHER_ROLE : undefined) ??
        ownDatabaseFix(input, failure) ??
        'Prove on a server that has it (--server URL, or a service container with the right image), or create it in a setup file.',
    },
  ]
}

/** No server runs code: SQL in its place does. */
function wayOut(input: RuleInput, id: string): string {
  const root = migrationNamed(input, id)
  return root?.code === undefined || root.up !== undefined
    ? `Let ${id} run here first: its own finding says how.`
    : `Give ${id} an SQL substitute, which runs in its place in the proof:\n${standInLines(root.version)}`
}
