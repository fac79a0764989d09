// What only psql understands: backslash commands, data after COPY, variables.
import type { Place } from '../../model/source.js'
import { placeAt } from '../../model/position.js'
import { scan } from '../../sql/scan.js'
import { codeOnly, statementsIn } from '../../sql/statements.js'
import type { Message, Script } from '../../model/migration.js'
import type { Rule } from '../rule.js'
import { scriptsOf } from '../read-input.js'

/** psql replaces :name, :'name' and :"name"; a cast (::) and a slice ([a:b]) do not count. */
const VARIABLE = /(?<![:\w\])"'$])(?::[A-Za-z_]\w*|:'[^'\n]*'|:"[^"\n]*")/

const WHY = 'Migration tools send the file to the server, which does not know psql: the step fails at once.'

type Found = { readonly offset: number; readonly message: string; readonly fix: string }

export const psqlCommand: Rule = {
  id: 'psql-command',
  title: 'No psql commands, variables or COPY data',
  level: 'warning',
  why: WHY,
  bad: String.raw`-- 00002_currencies.up.sql
COPY currencies (code) FROM stdin;
EUR
\.
-- 00002_currencies.down.sql
DELETE FROM currencies WHERE code = 'EUR';`,
  good: `-- 00002_currencies.up.sql
INSERT INTO currencies (code) VALUES ('EUR');
-- 00002_currencies.down.sql
DELETE FROM currencies WHERE code = 'EUR';`,
  run: (input) =>
    scriptsOf(input).flatMap(({ migration, script }) =>
      script.messages.flatMap((message) =>
        found(message).map(({ offset, message: text, fix }) => {
          const place: Place = { file: script.file, ...placeAt(message, offset) }
          return { migration: migration.id, place, message: text, why: WHY, fix }
        }),
      ),
    ),
}

/** Whether psql would replace a part of the script before the server gets it. */
export const hasVariable = ({ messages }: Script): boolean => messages.some(({ text }) => variableIn(text) !== null)

const variableIn = (text: string): RegExpExecArray | null => (text.includes(':') ? VARIABLE.exec(codeOnly(text)) : null)

/** The first of each kind; one file often has many. */
function found(message: Message): readonly Found[] {
  const { text } = message
  if (!/[\\:]|\bstdin\b/i.test(text)) return []
  const command = !text.includes('\\') ? undefined : scan(text).regions.find((region) => region.kind === 'psql')
  const copy = statementsIn(message).find(
    ({ words, text: statement }) => words[0] === 'COPY' && /\bFROM\s+STDIN\b/i.test(codeOnly(statement)),
  )
  const variable = variableIn(text)
  return [
    ...(command === undefined ? [] : [backslash(command.start, text.slice(command.start, command.end))]),
    ...(copy === undefined
      ? []
      : [
          {
            offset: copy.start,
            message: 'COPY FROM stdin needs a client that sends the data after it',
            fix: 'Write the rows as INSERT INTO ... VALUES (...); pg_dump --inserts makes such a file.',
          },
        ]),
    ...(variable === null
      ? []
      : [
          {
            offset: variable.index,
            message: `${text.slice(variable.index, variable.index + variable[0].length).slice(0, 40)} is a psql variable`,
            fix: "Fill in the file first, as psql -v does, and check the result. Or write the value itself, or read it in SQL: current_setting('app.name').",
          },
        ]),
  ]
}

const backslash = (offset: number, line: string): Found => {
  const command = /^\\\S*/.exec(line)?.[0].slice(0, 20) ?? '\\'
  return {
    offset,
    message: `${command} is a psql command`,
    fix: /^\\i/.test(command)
      ? 'Put the content of the included file here.'
      : `Delete the line; only psql reads ${command}.`,
  }
}
