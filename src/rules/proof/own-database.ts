// Statements that name the database of the migrations: a scratch database has another name.
import type { ScriptFailure } from '../../report/check-report.js'
import { literal } from '../../sql/quote.js'
import { withoutSecrets } from '../../sql/secrets.js'
import type { RuleInput } from '../rule.js'
import { statementsOf } from '../read-input.js'

const ABSENT = /^database "(.+)" does not exist$/

/** The kinds of statement that a block of PL/pgSQL may run for the database that it runs in. */
const WITHIN =
  /^(?:ALTER\s+DATABASE\b(?![^']*\b(?:RENAME|SET\s+TABLESPACE|REFRESH)\b)|(?:COMMENT|SECURITY\s+LABEL)\b|GRANT\b|REVOKE\b|ALTER\s+(?:ROLE|USER)\b)/i

const LINES = 8

/**
 * How to write the statements of a script that failed for want of a database, with the name of the current one. Undefined
 * for other failures.
 */
export function ownDatabaseFix(input: RuleInput, failure: ScriptFailure): string | undefined {
  const name = ABSENT.exec(failure.message)?.[1]
  if (name === undefined) return undefined
  const lines = written(input, failure, name)
  const own = input.database === name
  const other = `A database that is not that of these migrations is best set up outside of them: what they do there is not proved.`
  if (lines.length === 0) return other
  const head = own
    ? 'Take the name from the server, then it is proved:'
    : `If ${name} is the database of these migrations, take its name from the server, then it is proved:`
  return [head, ...lines.slice(0, LINES), ...(own ? [] : [other])].join('\n')
}

function written({ migrations }: RuleInput, { direction, place }: ScriptFailure, name: string): readonly string[] {
  const script = migrations.find((migration) => migration[direction]?.file === place?.file)?.[direction]
  if (script === undefined) return []
  const quoted = `"${name.replaceAll('"', '""')}"`
  const mention = new RegExp(String.raw`(\bDATABASE\s+)(?:${escaped(quoted)}|${escaped(name)}(?![\w$]))`, 'i')
  return statementsOf(script).flatMap(({ statement: { text } }) => {
    if (!WITHIN.test(text) || !mention.test(text)) return []
    const template = text.replaceAll('%', '%%').replace(mention, '$1%I')
    const tag = text.includes('$$') ? '$own$' : '$$'
    return [withoutSecrets(`DO ${tag} BEGIN EXECUTE format(${literal(template)}, current_database()); END ${tag};`)]
  })
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
