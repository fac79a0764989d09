// A seed: run twice it leaves the same rows, and its down removes exactly the rows that it added.
import { type Difference, sameness } from '../catalog/difference.js'
import type { Direction, Migration } from '../model/migration.js'
import { Refused } from '../state/transaction-result.js'
import type { Proof, ScriptFailure } from '../report/check-report.js'
import { clusterWideChange } from '../sql/effects/cluster-wide.js'
import { splitStatements } from '../sql/statements.js'
import type { ModuleCall, ModuleEnd, Query, Transact } from '../ports/modules.js'
import { notRun, withoutUp } from './migration-report.js'
import type { WorkingCopy } from './scratch-copies.js'

type Rows = ReadonlyMap<string, string>

/** Runs one direction of a module by `Modules.call`, with the arguments that stay the same in a run. */
export type CallModule = (call: Pick<ModuleCall, 'file' | 'direction' | 'query'>) => Promise<ModuleEnd>

/**
 * `again` says whether a second run left the rows as the first did, `down` whether the rows equal those before. The
 * working copy continues with the seed applied once, unless it failed.
 */
export async function proveSeed(place: WorkingCopy, seed: Migration, callModule: CallModule): Promise<Proof> {
  if (seed.up === undefined && seed.module === undefined) return withoutUp(seed)
  const run = (direction: Direction): Promise<ModuleRan> => runSeed(place, seed, direction, callModule)
  const before = await place.main.rows()
  const first = await run('up')
  const proof: Proof = {
    ...notRun(''),
    reason: undefined,
    up: first.ok ? 'ok' : 'failed',
    milliseconds: first.milliseconds,
  }
  if (!first.ok) return { ...proof, failure: first.failure }
  const once = await place.main.rows()
  const second = await run('up')
  const againDifferences = second.ok ? rowDifferences(once, await place.main.rows()) : []
  const again: Proof = second.ok
    ? { ...proof, again: sameness(againDifferences), againDifferences }
    : { ...proof, again: 'failed', failure: second.failure }
  const back = await run('down')
  if (back.absent) return { ...again, down: seed.irreversible === undefined ? 'missing' : 'irreversible' }
  if (!back.ok) return { ...again, down: 'failed', failure: back.failure }
  const differences = rowDifferences(before, await place.main.rows())
  await run('up')
  return { ...again, down: sameness(differences), differences }
}

/** `absent`: there is no such direction. */
async function runSeed(
  place: WorkingCopy,
  seed: Migration,
  direction: Direction,
  callModule: CallModule,
): Promise<ModuleRan> {
  if (seed.module !== undefined) {
    const { file } = seed.module
    const transact: Transact = (body) => place.main.transact((query) => body(insideDatabase(query)))
    return runModule({ file, direction, transact, call: (query) => callModule({ file, direction, query }) })
  }
  const script = seed[direction]
  if (script === undefined) return { ok: false, absent: true, failure: missing(direction, undefined), milliseconds: 0 }
  return { ...(await place.run(script, direction)), absent: false }
}

/** Roles and other objects of the whole cluster stay when the scratch database is dropped. */
const insideDatabase =
  (query: Query): Query =>
  async (text, values) => {
    const wide = splitStatements(text)
      .map(clusterWideChange)
      .find((word) => word !== undefined)
    if (wide === undefined) return query(text, values)
    throw new Refused({ sqlstate: '', message: `${wide} changes more than the database, which a seed must not do` })
  }

/** Rows of a table are reported by their count alone: their values are private. */
function rowDifferences(before: Rows, after: Rows): readonly Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((table) => {
    const was = before.get(table)
    const is = after.get(table)
    if (was === is) return []
    const rowsBefore = count(was)
    const rowsAfter = count(is)
    const change = rowsAfter > rowsBefore ? 'left behind' : rowsAfter < rowsBefore ? 'lost' : 'changed'
    return [
      {
        change,
        class: 'real',
        kind: 'rows',
        identity: table,
        parent: `table ${table}`,
        before: rowWords(rowsBefore),
        after: change === 'changed' ? `${rowWords(rowsAfter)}, different values` : rowWords(rowsAfter),
      } satisfies Difference,
    ]
  })
}

const count = (digest: string | undefined): number => Number(digest?.split(' ')[0] ?? 0)

const rowWords = (count: number): string => (count === 1 ? '1 row' : `${count} rows`)

/** How one direction of a seed that is a module ended, in one transaction. */
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
