// What could not be proved because of the server, not because of a migration. The report itself lists a whole database
// that could not be proved.
import { INSUFFICIENT_PRIVILEGE } from '../../sql/missing-privilege.js'
import type { ScriptFailure } from '../../report/check-report.js'
import type { Rule, RuleFinding, RuleInput } from '../rule.js'
import { failurePlace, failureWords } from './failures.js'
import { ownDatabaseFix } from './own-database.js'
import { migrationNamed, provedOf } from './proof-results.js'

const WHY =
  'The migration may be right: this server cannot show it. Nothing was proved about it or about what depends on it.'

const OTHER_ROLE =
  'Give the role that privilege, or name one that has it (--server). Without --server, the check starts a private server.'

export const environment: Rule = {
  id: 'environment',
  title: 'The server has what the migrations need',
  level: 'warning',
  why: `${WHY} In a workflow, a service container can provide what is missing: the image pgvector/pgvector:pg17 has vector, for example.`,
  bad: `-- 00002_embeddings.up.sql
CREATE EXTENSION acme_vector;
-- 00002_embeddings.down.sql
DROP EXTENSION acme_vector;`,
  good: `-- 00002_embeddings.up.sql
CREATE TABLE embeddings (id bigint PRIMARY KEY, embedding real[]);
-- 00002_embeddings.down.sql
DROP TABLE embeddings;`,
  run: (input) => {
    const steps = provedOf(input).flatMap(({ migration, proof }) => finding(input, proof.failure, migration.id))
    const { chain } = input.report
    return [...steps, ...(steps.length > 0 ? [] : finding(input, chain?.failure, chain?.stoppedAt))]
  },
}

function finding(input: RuleInput, failure: ScriptFailure | undefined, id: string | undefined): readonly RuleFinding[] {
  if (failure?.environment === undefined) return []
  const isModule = migrationNamed(input, id)?.module !== undefined
  return [
    {
      migration: id,
      place: failurePlace(input, failure, migrationNamed(input, id)),
      message: `${failure.environment}: ${failureWords(failure)}`,
      why: `${WHY} In a workflow, a service container can provide what is missing: the image pgvector/pgvector:pg17 has vector, for example.`,
      fix:
        (isModule ? failure.hint : undefined) ??
        (failure.sqlstate === INSUFFICIENT_PRIVILEGE ? OTHER_ROLE : undefined) ??
        ownDatabaseFix(input, failure) ??
        'Prove on a server that has it (--server URL, or a service container with the right image), or create it in a setup file.',
    },
  ]
}
