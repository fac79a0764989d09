// A seed: run twice it leaves the same rows, and its down removes what it added and nothing else.
import type { Difference } from '../core/difference.js'
import type { Migration } from '../core/migration.js'
import type { Proof } from '../core/report.js'
import { sameness } from '../core/difference.js'
import { notRun } from './words.js'
import type { Workplace } from './workplace.js'

type Rows = ReadonlyMap<string, string>

/**
 * `again` says whether a second run left the rows as the first did, `down` whether the rows are what they were before.
 * The workplace goes on with the seed applied once, unless it failed.
 */
export async function proveSeed(place: Workplace, seed: Migration): Promise<Proof> {
  const { up, down } = seed
  if (up === undefined) return notRun('there is no up')
  const before = await place.main.rows()
  const first = await place.run(up, 'up')
  const proof: Proof = {
    ...notRun(''),
    reason: undefined,
    up: first.ok ? 'ok' : 'failed',
    milliseconds: first.milliseconds,
  }
  if (!first.ok) return { ...proof, failure: first.failure }
  const once = await place.main.rows()
  const second = await place.run(up, 'up')
  const againDifferences = second.ok ? rowDifferences(once, await place.main.rows()) : []
  const again: Proof = second.ok
    ? { ...proof, again: sameness(againDifferences), againDifferences }
    : { ...proof, again: 'failed', failure: second.failure }
  if (down === undefined) return { ...again, down: seed.irreversible === undefined ? 'missing' : 'irreversible' }
  const back = await place.run(down, 'down')
  if (!back.ok) return { ...again, down: 'failed', failure: back.failure }
  const differences = rowDifferences(before, await place.main.rows())
  await place.run(up, 'up')
  return { ...again, down: sameness(differences), differences }
}

/** Rows of a table are told by their number alone: their values are nobody's business. */
function rowDifferences(before: Rows, after: Rows): readonly Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((table) => {
    const [was, is] = [before.get(table), after.get(table)]
    if (was === is) return []
    const [rowsBefore, rowsAfter] = [count(was), count(is)]
    const change = rowsAfter > rowsBefore ? 'left behind' : rowsAfter < rowsBefore ? 'lost' : 'changed'
    return [
      {
        change,
        class: 'real',
        kind: 'rows',
        identity: table,
        parent: `table ${table}`,
        before: `${rowsBefore} rows`,
        after: change === 'changed' ? `${rowsAfter} rows, other values` : `${rowsAfter} rows`,
      } satisfies Difference,
    ]
  })
}

const count = (digest: string | undefined): number => Number(digest?.split(' ')[0] ?? 0)
