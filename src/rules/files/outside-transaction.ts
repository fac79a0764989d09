// Statements that cannot run in a transaction block, in a script or a message that is one.
import type { Direction, LayoutName } from '../../model/migration.js'
import { outsideTransaction, transactionControl } from '../../sql/transactions.js'
import type { Rule } from '../rule.js'
import { scriptsOf, statementsOf, TOOLS } from '../read-input.js'

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
        const name = outsideTransaction(statement)
        if (name === undefined) return []
        if (!wrapped && alone) return []
        return [
          {
            migration: migration.id,
            place: place(),
            message: wrapped
              ? `${name} cannot run in a transaction, and ${TOOLS[input.layout]} opens one around this ${direction}`
              : `${name} shares a message with other statements, which makes one transaction of them`,
            why: WHY,
            fix: outsideFix(input.layout, direction, { wrapped, alone }),
          },
        ]
      })
    }),
}

/** What lets such a statement run: the marker, a message of its own, or both. */
export function outsideFix(
  layout: LayoutName,
  direction: Direction,
  { wrapped, alone }: { readonly wrapped: boolean; readonly alone: boolean },
): string {
  if (!wrapped) return ALONE[layout]
  const marker = markerFor(layout, direction)
  return alone || layout === 'pairs' || layout === 'directories' ? marker : `${marker}\n${ALONE[layout]}`
}

const ALONE: Readonly<Record<LayoutName, string>> = {
  goose:
    'Write the statement outside of other blocks on lines of its own, or between its own -- +goose StatementBegin and -- +goose StatementEnd.',
  'sql-migrate':
    'Write the statement outside of other blocks on lines of its own, or between its own -- +migrate StatementBegin and -- +migrate StatementEnd.',
  dbmate: 'Move the statement into a migration of its own: dbmate sends a whole section as one message.',
  pairs: 'Move the statement into a migration of its own: the whole file is one message.',
  directories: 'Move the statement into a migration of its own: the whole file is one message.',
}

/** The marker by which the layout's tool leaves the transaction out. */
function markerFor(layout: LayoutName, direction: Direction): string {
  switch (layout) {
    case 'goose':
      return '-- +goose NO TRANSACTION'
    case 'sql-migrate':
      return `-- +migrate ${direction === 'up' ? 'Up' : 'Down'} notransaction`
    case 'dbmate':
      return `-- migrate:${direction} transaction:false`
    case 'pairs':
      return "Move it into a migration of its own and take the transaction away with the tool's own marker; here: transaction: none for this database in migration-gate.yml."
    case 'directories':
      return 'Move it into a migration of its own; with diesel: run_in_transaction = false in its metadata.toml.'
  }
}
