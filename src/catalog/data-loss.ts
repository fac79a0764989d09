// What a step deletes or overwrites and no other step can restore: whole tables, columns, rows, values. Pure.

/**
 * Names are written as SQL takes them. `type`: the values of a column that a new type changes. `written`: the rows of a
 * table that `verb` removes or overwrites (DELETE, UPDATE, TRUNCATE, MERGE, INSERT for ON CONFLICT DO UPDATE, or an action
 * of a foreign key), or the values of one column. `code`: code that may change rows, and that was not looked into.
 */
export type LossAbout =
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'column'; readonly table: string; readonly column: string }
  | {
      readonly kind: 'type'
      readonly table: string
      readonly column: string
      readonly before: string
      readonly after: string
    }
  | { readonly kind: 'written'; readonly table: string; readonly verb: string; readonly column?: string }
  | { readonly kind: 'code'; readonly code: string }

/**
 * A question to the live database, whose answer is one row: the number of rows, and of values. `calls` are functions that
 * text of the author may call. `settings` are SET LOCAL statements before it. Or the reason why nothing can be asked.
 */
export type Question =
  | { readonly sql: string; readonly calls: readonly string[]; readonly settings: readonly string[] }
  | { readonly why: string }

export type PossibleLoss = LossAbout & { readonly question: Question }

/**
 * The counted loss. `rows`: of the whole table where it or a column or type is concerned, else those that are removed or
 * overwritten. `values`: those of the column that are lost, not null, or changed. Undefined: not counted; then `why`.
 */
export type Loss = LossAbout & {
  readonly rows: number | undefined
  readonly values: number | undefined
  readonly why?: string
}

/** Whether data is lost, or may be: an empty table, a column of nulls and a change of no value lose none. */
export function isLoss(loss: Loss): boolean {
  switch (loss.kind) {
    case 'code':
      return true
    case 'table':
      return loss.rows !== 0
    case 'column':
    case 'type':
      return loss.values !== 0
    case 'written':
      return (loss.column === undefined ? loss.rows : loss.values) !== 0
  }
}

/** Whether a loss has a number. */
export const isCounted = (loss: Loss): boolean =>
  loss.kind !== 'code' && (loss.rows !== undefined || loss.values !== undefined)
