// One direction of a seed that is a module, in one transaction.
import type { Direction } from '../model/migration.js'
import type { ScriptFailure } from '../report/check-report.js'
import type { ModuleEnd, Query, Transact } from '../ports/modules.js'

export type ModuleRan =
  | { readonly ok: true; readonly absent: false; readonly milliseconds: number }
  | {
      readonly ok: false
      readonly absent: boolean
      readonly failure: ScriptFailure
      /** A sentence, if the result of the commit is unknown. */
      readonly unknown?: string | undefined
      readonly milliseconds: number
    }

/**
 * `call` runs the module with a query function of the transaction. Committed only when it succeeded; `absent` means that
 * there is no such export. Rejects when the server is gone or the run was cancelled. Then nothing was committed, or the
 * answer to COMMIT was lost.
 */
export async function runModule(options: {
  readonly file: string
  readonly direction: Direction
  readonly transact: Transact
  readonly call: (query: Query) => Promise<ModuleEnd>
}): Promise<ModuleRan> {
  const { file, direction } = options
  const ends: ModuleEnd[] = []
  const { committed, refused, unknown, milliseconds } = await options.transact(async (query) => {
    const end = await options.call(query)
    ends.push(end)
    return end.end === 'done' ? 'commit' : 'rollback'
  })
  const [end] = ends
  if (end?.end === 'absent') return { ok: false, absent: true, failure: missing(direction, file), milliseconds }
  if (end?.end === 'failed') return { ok: false, absent: false, failure: end.failure, milliseconds }
  if (committed) return { ok: true, absent: false, milliseconds }
  const { sqlstate = '', message = 'the transaction was not committed' } = refused ?? {}
  return {
    ok: false,
    absent: false,
    failure: { ...missing(direction, file), sqlstate, message },
    unknown,
    milliseconds,
  }
}

/** `file` is undefined for a seed without a file of its own. */
export const missing = (direction: Direction, file: string | undefined): ScriptFailure => ({
  direction,
  sqlstate: '',
  message: `there is no ${direction}${file === undefined ? '' : `: export async function ${direction}({ query })`}`,
  detail: undefined,
  hint: undefined,
  place: file === undefined ? undefined : { file, line: 1, column: 1 },
  line: undefined,
  environment: undefined,
})
