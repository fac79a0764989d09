// What prevents a deploy at this moment: one query for each condition, one row in a list.
import type { Condition } from '../../../release/preview.js'
import type { Inspection } from '../../../ports/inspect.js'
import { PERSON } from '../live/locks.js'
import { quoted } from '../../../sql/quote.js'

/** `query` gives one text for each hit, for `say`. */
type Question = {
  readonly kind: Condition['kind']
  /** These are about the rights of the role, which a plan does not need. */
  readonly role?: true
  readonly query: (relations: readonly string[]) => string
  readonly say: (found: string) => string
  readonly fix: string
}

const OTHERS = `FROM pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
  AND a.application_name <> 'pg-migration-gate'`

const regclasses = (relations: readonly string[]): string =>
  `SELECT to_regclass(name) FROM unnest(ARRAY[${relations.map(quoted).join(', ')}]::text[]) AS name`

const QUESTIONS: readonly Question[] = [
  {
    kind: 'blocks',
    query: () => `SELECT ${PERSON} ${OTHERS} AND a.application_name IN ('pg_dump', 'pg_restore')`,
    say: (who) => `a backup or restore is running: ${who}`,
    fix: 'Wait for its end: it holds locks on all tables.',
  },
  {
    kind: 'warns',
    query: () =>
      `SELECT ${PERSON} ${OTHERS} AND a.backend_type = 'client backend' AND a.xact_start < now() - interval '1 minute'
       AND a.application_name NOT IN ('pg_dump', 'pg_restore')`,
    say: (who) => `a transaction has been open for more than a minute: ${who}`,
    fix: 'A step that needs its locks waits, lets others pass, and gives up in the end.',
  },
  {
    kind: 'warns',
    query: () =>
      `SELECT format('%s, prepared %s UTC by %s', gid, to_char(prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), owner)
       FROM pg_prepared_xacts WHERE database = current_database()`,
    say: (what) => `a prepared transaction holds its locks until it is ended: ${what}`,
    fix: 'COMMIT PREPARED or ROLLBACK PREPARED it.',
  },
  {
    kind: 'warns',
    query: () =>
      `SELECT format('%s is %s s behind', coalesce(nullif(application_name, ''), host(client_addr), 'a standby'),
         round(extract(epoch FROM replay_lag))) FROM pg_stat_replication WHERE replay_lag > interval '10 seconds'`,
    say: (what) => `replication lags: ${what}`,
    fix: 'Readers of that standby see the change that much later.',
  },
  {
    kind: 'warns',
    query: () => `SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1`,
    say: (index) => `index ${index} is invalid: its build did not finish`,
    fix: 'REINDEX INDEX CONCURRENTLY, or drop it.',
  },
  {
    kind: 'blocks',
    role: true,
    query: () =>
      `SELECT coalesce(current_schema(), 'any schema of the search_path') WHERE current_schema() IS NULL
       OR NOT has_schema_privilege(current_schema(), 'USAGE')`,
    say: (schema) => `this role may not use ${schema}`,
    fix: 'Give it the rights of a migrator role: docs/security.md has the SQL.',
  },
  {
    kind: 'blocks',
    role: true,
    query: (relations) =>
      `SELECT format('%s (owner %s)', c.oid::regclass, pg_get_userbyid(c.relowner)) FROM pg_class c
       WHERE c.oid IN (${regclasses(relations)}) AND NOT pg_has_role(c.relowner, 'USAGE') ORDER BY 1`,
    say: (table) => `this role is not (a member of) the owner of ${table}, which a step changes`,
    fix: 'Let the role be a member of the owner, or of the role that owns all tables (docs/security.md).',
  },
]

/** In the order of the list. Rejects with a UserError when the connection is gone. */
export const readConditions: Inspection['conditions'] = async (target, { relations, role }) => {
  const found: Condition[] = []
  for (const question of QUESTIONS) {
    if (question.role && role === 'leave') continue
    const { kind, query, say, fix } = question
    const rows = await target.read(query(relations))
    found.push(...rows.map(([what]) => ({ kind, what: say(what ?? ''), fix })))
  }
  return found
}
