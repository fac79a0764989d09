// What a step deletes and no other step can restore: whole tables, columns, rows. Pure.
import type { Difference } from './difference.js'
import type { Script } from '../model/migration.js'
import { codeOnly } from '../sql/statements.js'
import { statementsIn } from '../sql/statements.js'
import { tablesWritten } from '../sql/written-tables.js'

/** Names are written as SQL takes them. `written`: the script's own statements delete or change rows of a table. */
export type PossibleLoss =
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'column'; readonly table: string; readonly column: string }
  | { readonly kind: 'written'; readonly table: string; readonly verb: string }

/** The counted loss: `rows` of the table, `values` of the column that are not null. Undefined: not counted. */
export type Loss = PossibleLoss & { readonly rows: number | undefined; readonly values: number | undefined }

/** `differences` are what the step does to the catalogue (before, after). */
export function possibleLosses(
  differences: readonly Difference[],
  script: Script | undefined,
): readonly PossibleLoss[] {
  const lost = differences.filter(({ change }) => change === 'lost')
  const tables = lost.filter(({ kind }) => kind === 'table').map(({ identity }) => identity)
  const columns = lost.flatMap(({ kind, identity, parent }): readonly PossibleLoss[] => {
    const table = tableOf(parent)
    if (kind !== 'column' || table === undefined || tables.includes(table)) return []
    return [{ kind: 'column', table, column: identity.slice(table.length + 1) }]
  })
  return [...tables.map((table) => ({ kind: 'table' as const, table })), ...columns, ...writtenBy(script, tables)]
}

const tableOf = (parent: string | undefined): string | undefined => /^table (.+)$/.exec(parent ?? '')?.[1]

const TAKES = /\b(DELETE\s+FROM|UPDATE|TRUNCATE|MERGE\s+INTO)\b/i

/** Judged by the text of the statements alone; functions and DO blocks are not searched. */
function writtenBy(script: Script | undefined, gone: readonly string[]): readonly PossibleLoss[] {
  const written = (script?.messages ?? []).flatMap((message) =>
    statementsIn(message).flatMap((statement) => {
      const verb = TAKES.exec(codeOnly(statement.text))?.[1]?.split(/\s/)[0]?.toUpperCase()
      if (verb === undefined) return []
      return tablesWritten(statement).map((table) => ({ kind: 'written' as const, table, verb }))
    }),
  )
  const known = (table: string): boolean => gone.some((name) => name === table || name.endsWith(`.${table}`))
  return written.filter(({ table }, i) => !known(table) && written.findIndex((one) => one.table === table) === i)
}

/** Whether data is really lost: an empty table or a column of nulls loses none. */
export const isLoss = ({ kind, rows, values }: Loss): boolean =>
  kind === 'written' || (kind === 'table' ? rows !== 0 : values !== 0)
