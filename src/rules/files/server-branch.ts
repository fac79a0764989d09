// Scripts that ask where they run, and do something else there.
import { dollarQuoted, withoutComments, type Statement } from '../../sql/statements.js'
import { scriptsOf, statementsOf, type JudgedScript, type PlacedStatement } from '../read-input.js'
import type { Rule } from '../rule.js'

const WHY =
  'The proof runs in a scratch database, whose name, role and server are not those of production. It takes one way through such a script. The other way was not proved.'

export const serverBranch: Rule = {
  id: 'server-branch',
  title: 'A script does the same wherever it runs',
  level: 'note',
  why: WHY,
  bad: `-- 00002_audit.up.sql
DO $$
BEGIN
  IF current_database() = 'shop_prod' THEN
    CREATE TABLE audit (at timestamptz NOT NULL, what text NOT NULL);
  END IF;
END $$;
-- 00002_audit.down.sql
DROP TABLE IF EXISTS audit;`,
  good: `-- 00002_audit.up.sql
CREATE TABLE audit (at timestamptz NOT NULL, what text NOT NULL);
DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I SET audit.level TO %L', current_database(), 'all');
END $$;
-- 00002_audit.down.sql
DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I RESET audit.level', current_database());
END $$;
DROP TABLE audit;`,
  run: (input) =>
    scriptsOf(input).flatMap((judged) => {
      const found = firstBranch(judged)
      if (found === undefined) return []
      return [
        {
          migration: judged.migration.id,
          place: found.at.place(),
          message: `${found.fact} decides what this script does, and the proof took one way through it`,
          why: WHY,
          fix: 'Let the script do the same everywhere. What differs from place to place belongs in the configuration of each place, or in a setup of the server.',
        },
      ]
    }),
}

type Found = { readonly at: PlacedStatement; readonly fact: string }

function firstBranch({ script }: JudgedScript): Found | undefined {
  if (!script.messages.some(({ text }) => ASKS.test(text))) return undefined
  const statements = statementsOf(script)
  const set = new Set(
    statements.flatMap(({ statement }) => [...statement.text.matchAll(SETS)].map(([, name]) => name?.toLowerCase())),
  )
  for (const at of statements) {
    const fact = branchIn(at.statement)
    const [, setting] = fact === undefined ? [] : (/'(.*)'/.exec(fact) ?? [])
    if (fact !== undefined && (setting === undefined || !set.has(setting))) return { at, fact }
  }
  return undefined
}

/** A setting that the script itself has set is no fact about the place. */
const SETS = /\bset(?:_config\s*\(\s*'|\s+(?:local\s+|session\s+)?)([a-z_]\w*\.\w+)/gi

/** Settings that say where: those of the server's files and addresses, and those of a user's own (with a dot). */
const SETTING = String.raw`current_setting\s*\(\s*'(?:cluster_name|data_directory|config_file|hba_file|listen_addresses|port|unix_socket_directories|is_superuser|session_authorization|role|[a-z_]\w*\.\w+)'[^()]*\)`

/** What a script can ask about the place where it runs (PostgreSQL, "System Information Functions"). */
const FACT = String.raw`\b(?:(?:pg_catalog\s*\.\s*)?(?:current_database|inet_server_addr|inet_server_port|inet_client_addr|pg_is_in_recovery)\s*\(\s*\)|(?:current_user|session_user|current_role|current_catalog|system_user)\b|${SETTING})`

const ASKS = new RegExp(FACT, 'i')

/** Longer statements hold rows. */
const LONGEST = 100_000

/** Definitions keep such expressions for later; these run them at once. */
const RUNS = /^(?:DO|SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|CALL)\b/i

function branchIn({ text }: Statement): string | undefined {
  if (text.length > LONGEST || !RUNS.test(text) || !ASKS.test(text)) return undefined
  const code = withoutTexts(withoutComments(/^DO\b/i.test(text) ? (dollarQuoted(text) ?? text) : text))
  const fact = withVariables(code)
  const found = conditionWith(code, fact) ?? new RegExp(comparison(fact), 'is').exec(code)?.[0]
  const name = found === undefined ? undefined : (ASKS.exec(found) ?? ASKS.exec(code))?.[0]
  return name?.replaceAll(/\s+/g, '').toLowerCase()
}

/** Constants are kept as such; only the names of settings matter. */
const withoutTexts = (code: string): string =>
  code.replaceAll(/(current_setting\s*\(\s*)?'(?:[^']|'')*'/gi, (found, call: string | undefined) =>
    call === undefined ? `'x'` : found,
  )

/** A fact, or a variable of PL/pgSQL that holds one. */
function withVariables(code: string): string {
  const assigned = new RegExp(
    String.raw`\b([a-z_]\w*)\s*(?::=|\s(?:constant\s+)?(?:text|name|varchar|inet|boolean)\s*(?::=|=|default\b))\s*(?:\(\s*select\s+)?${FACT}`,
    'gi',
  )
  const into = new RegExp(String.raw`\bselect\s+${FACT}[^;]*?\binto\s+(?:strict\s+)?([a-z_]\w*)`, 'gi')
  const names = [assigned, into].flatMap((pattern) => [...code.matchAll(pattern)].flatMap(([, name]) => name ?? []))
  return names.length === 0 ? FACT : String.raw`(?:${FACT}|\b(?:${names.join('|')})\b)`
}

/** A condition of IF, WHEN or WHILE that asks for a fact and reads no table. */
function conditionWith(code: string, fact: string): string | undefined {
  const conditions = code.matchAll(/\b(?:IF|ELSE?IF|WHEN|WHILE)\b((?:'(?:[^']|'')*'|[^;'])*?)\b(?:THEN|LOOP)\b/gi)
  const asks = new RegExp(fact, 'i')
  for (const [, condition = ''] of conditions)
    if (asks.test(condition) && !/\b(?:SELECT|EXISTS)\b/i.test(condition)) return condition
  const cases = new RegExp(String.raw`\bCASE\s+(?:lower\s*\(\s*|upper\s*\(\s*)?${fact}[^;]*?\bWHEN\b`, 'i')
  return cases.exec(code)?.[0]
}

const OPERATOR = String.raw`(?:=|<>|!=|!?~~?\*?|(?:not\s+)?(?:i?like|similar\s+to|in)\b|is\s+(?:not\s+)?distinct\s+from\b)`
const CAST = String.raw`(?:\s*::\s*\w+|\s*\))*`

/** A comparison of a fact with a constant, in this order or the other. */
const comparison = (fact: string): string =>
  String.raw`${fact}${CAST}\s*${OPERATOR}\s*\(?\s*(?:e|any\s*\(\s*(?:array\s*\[)?)?\s*'|'\s*(?:=|<>|!=)\s*\(*\s*${fact}`
