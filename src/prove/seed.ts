// A seed: run twice it leaves the same rows, and its down removes exactly the rows that it added.
import type { Difference } from '../catalog/difference.js'
import type { Direction, Migration } from '../model/migration.js'
import { Refused } from '../state/transaction-result.js'
import type { Proof } from '../report/check-report.js'
import { sameness } from '../catalog/difference.js'
import { clusterWideChange } from '../sql/cluster-wide.js'
import { splitStatements } from '../sql/statements.js'
import type { ModuleCall, ModuleEnd, Query, Transact } from '../ports/modules.js'
import { missing, runModule, type ModuleRan } from './seed-module.js'
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
