// Rows that are still there when the up runs a second time: its down left them.
import type { ScriptFailure } from '../../report/check-report.js'

/** What to write in `why` and `fix`. */
export type LeftRows = { readonly why: string; readonly fix: string }

/** PostgreSQL, "Error Codes": unique_violation and exclusion_violation. */
const TAKEN = new Set(['23505', '23P01'])

/** For a second up that fails on rows of the first one; undefined for any other failure. */
export function leftRows({ sqlstate, message, detail, table, constraint }: ScriptFailure): LeftRows | undefined {
  if (table === undefined || !sqlstate.startsWith('23')) return undefined
  const name = table.replace(/^public\./, '')
  if (!TAKEN.has(sqlstate)) {
    return {
      why: `The rows of ${name} are not those that the first up found.`,
      fix: `Make the down restore the rows of ${name}, or let the up put them right before it needs them.`,
    }
  }
  const remove = `Delete in the down what the up puts into ${name} (DELETE FROM ${name} WHERE ...).`
  const key = keyOf(detail)
  // A unique index that the script makes is not there yet when it inserts.
  if (!message.startsWith('duplicate key value') || key === undefined) {
    return {
      why: `The down leaves the rows that the up put into ${name}, and the second up adds them again.`,
      fix: remove,
    }
  }
  return {
    why: `The down leaves the row that the up put into ${name}, and ${constraint ?? 'its unique key'} refuses it a second time.`,
    fix: `${remove} Or let the up pass over rows that are there (INSERT ... ON CONFLICT (${key}) DO NOTHING).`,
  }
}

/** The columns of the key, as the server lists them in front of the values: `Key (a, b)=(..) already exists.` */
const keyOf = (detail: string | undefined): string | undefined => /^Key \((.+?)\)=\(/.exec(detail ?? '')?.[1]

/** What a seed writes so that its rows, which have a unique key, can be inserted twice. */
export function onConflict({ detail }: ScriptFailure): string {
  const key = keyOf(detail)
  return `ON CONFLICT${key === undefined ? '' : ` (${key})`} DO NOTHING`
}
