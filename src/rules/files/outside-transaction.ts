// Statements that cannot run in a transaction block, in a script or a message that runs as one.
import type { Direction } from '../../model/migration.js'
import type { TransactionAdvice } from '../../model/tool.js'
import { refusesTransaction, transactionControl } from '../../sql/transactions.js'
import type { Rule } from '../rule.js'
import { scriptsOf, statementsOf } from '../read-input.js'

const WHY = 'The server refuses the statement (SQLSTATE 25001), so the deploy stops at this step.'

export const outsideTransactionRule: Rule = {
  id: 'outside-transaction',
  title: 'Statements that cannot run in a transaction are marked and alone',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_index_email.sql
-- +goose Up
CREATE INDEX CONCURRENTLY idx_users_email ON users (email);
-- +goose Down
DROP INDEX CONCURRENTLY idx_users_email;`,
  good: `-- 00002_index_email.sql
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY idx_users_email ON users (email);
-- +goose Down
DROP INDEX CONCURRENTLY idx_users_email;`,
  run: (input) =>
    scriptsOf(input).flatMap(({ migration, direction, script }) => {
      // A COMMIT in the script ends the transaction of the tool, a BEGIN opens the next.
      let wrapped = script.transaction === 'wrapped'
      return statementsOf(script).flatMap(({ statement, place, alone }) => {
        const control = transactionControl(statement)
        if (control !== undefined && script.transaction === 'wrapped') wrapped = control === 'begin'
        const name = refusesTransaction(statement)
        if (name === undefined) return []
        if (!wrapped && alone) return []
        return [
          {
            migration: migration.id,
            place: place(),
            message: wrapped
              ? `${name} cannot run in a transaction, and ${input.tool.title} opens one around this ${direction}`
              : `${name} shares a message with other statements, and the message is one transaction`,
            why: WHY,
            fix: outsideFix(input.tool.transactions, direction, { wrapped, alone }),
          },
        ]
      })
    }),
}

/** What lets such a statement run: the marker, a message of its own, or both. */
export function outsideFix(
  { leaveOut, alone, leaveOutIsAlone }: TransactionAdvice,
  direction: Direction,
  is: { readonly wrapped: boolean; readonly alone: boolean },
): string {
  if (!is.wrapped) return alone
  const marker = leaveOut(direction)
  return is.alone || leaveOutIsAlone ? marker : `${marker}\n${alone}`
}
