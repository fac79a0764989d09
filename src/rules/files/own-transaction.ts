// BEGIN and COMMIT in a script that its tool wraps in a transaction, or one without the other.
import type { Script } from '../../model/migration.js'
import { firstFew } from '../../model/list-words.js'
import { endsInside } from '../../sql/scan.js'
import { transactionControls, wholeFileTransaction } from '../../sql/transactions.js'
import type { Rule } from '../rule.js'
import { scriptsOf, statementsOf } from '../read-input.js'
import type { RuleFinding } from '../rule.js'

const WHY =
  "The COMMIT in the file ends the tool's transaction. A later failure leaves half of the step in place, and the tool may report a failure although everything was committed."
const WHY_OPEN =
  'What follows a BEGIN without a COMMIT is rolled back at the end of the session. The tool cannot record the step: golang-migrate leaves the version dirty.'

export const ownTransaction: Rule = {
  id: 'own-transaction',
  title: 'No BEGIN or COMMIT where the tool opens the transaction',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_add_phone.sql
-- +goose Up
BEGIN;
ALTER TABLE users ADD COLUMN phone text;
COMMIT;
-- +goose Down
ALTER TABLE users DROP COLUMN phone;`,
  good: `-- 00002_add_phone.sql
-- +goose Up
ALTER TABLE users ADD COLUMN phone text;
-- +goose Down
ALTER TABLE users DROP COLUMN phone;`,
  run: (input) =>
    scriptsOf(input).flatMap(({ migration, direction, script }) => {
      const finding = judge(script, input.tool.title)
      return finding === undefined
        ? []
        : [{ migration: migration.id, ...finding, message: `${direction}: ${finding.message}` }]
    }),
}

function judge(script: Script, tool: string): Omit<RuleFinding, 'migration'> | undefined {
  const own = statementsOf(script)
  const controls = transactionControls(own)
  const first = controls[0]
  // Behind a quote that is cut, nothing is what it looks like: the server refuses the script.
  if (first === undefined || script.messages.some(({ text }) => endsInside(text))) return undefined
  if (script.transaction === 'wrapped') {
    const lines = controls.map(({ place }) => place().line)
    const whole = wholeFileTransaction(own.map(({ statement }) => statement)) !== undefined
    return {
      place: first.place(),
      message: `${first.statement.words[0] ?? ''} in a script that ${tool} already runs in a transaction`,
      why: WHY,
      fix: whole
        ? `Delete ${first.statement.text}; in line ${lines[0] ?? 0} and ${controls.at(-1)?.statement.text ?? 'COMMIT'}; in line ${lines.at(-1) ?? 0}.`
        : `Delete the transaction commands in ${new Set(lines).size === 1 ? 'line' : 'lines'} ${firstFew([...new Set(lines)].map(String))}, or split the file where a commit is needed.`,
    }
  }
  const last = controls.findLast(({ kind }) => kind === 'begin')
  const open = last !== undefined && controls.at(-1) === last
  if (!open) return undefined
  return {
    place: last.place(),
    message: `${last.statement.words[0] ?? ''} without a COMMIT`,
    why: WHY_OPEN,
    fix: 'COMMIT;',
  }
}
