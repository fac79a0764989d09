// What is looked at after the last step: whether it came out as it was approved.
import type { Observation } from '../../release/preview.js'
import { UserError } from '../../model/errors.js'
import { compareWithExpected, type Expectation } from '../../catalog/expected.js'
import { portable, type View } from '../../catalog/portable.js'
import { type Snapshot, invalidObjectsIn, type InvalidObject } from '../../catalog/snapshot.js'
import type { Opened } from '../live/connect.js'
import { ASSERTIONS } from '../shared/read-database.js'
import type { World } from '../shared/context.js'

const broken = (what: string, seen: string): Observation => ({ what, result: 'broken', seen })
const held = (what: string, seen: string): Observation => ({ what, result: 'held', seen })

/** `before` is the live catalogue before the first step. Rejects with a UserError when the target is gone. */
export async function verify(options: {
  readonly opened: Opened
  readonly expectation: Expectation | undefined
  readonly before: Snapshot
  readonly world: World
  readonly view: View
}): Promise<readonly Observation[]> {
  const { opened, expectation, before, world } = options
  const live = await readPortable(opened, options.view)
  return [schema(live, expectation), soundness({ before, live, expectation }), ...(await assertions(opened, world))]
}

/** The live catalogue as it can be compared. Rejects with a UserError when the target is gone. */
export const readPortable = async ({ target }: Pick<Opened, 'target'>, view: View): Promise<Snapshot> =>
  portable(await target.snapshot(), view)

function schema(live: Snapshot, expectation: Expectation | undefined): Observation {
  const what = 'the schema is what was approved'
  if (expectation === undefined)
    return { what, result: 'open', seen: 'unknown: no scratch server showed what has to come out' }
  const { differences, unsure, acrossMajors: coarsely } = compareWithExpected(live, expectation)
  if (differences.length > 0) {
    const words = differences.map(({ kind, identity, change }) => `${kind} ${identity} ${WORDS[change]}`)
    return broken(what, words.slice(0, 10).join(', '))
  }
  const unknown =
    unsure.size === 0 ? '' : `; unknown for ${[...unsure].slice(0, 5).join(', ')}, which stood otherwise here before`
  const how = coarsely ? ', what the steps changed without how it is written' : ''
  return held(what, `${live.size} objects compared${how}${unknown}`)
}

/** What the steps themselves leave so, as `NOT VALID` does, was approved with them. */
function soundness(
  options: Pick<Parameters<typeof verify>[0], 'before' | 'expectation'> & { live: Snapshot },
): Observation {
  const { before, live, expectation } = options
  const what = 'indexes are valid and constraints validated'
  const was = new Set(invalidObjectsIn(before).map((one) => one.what))
  const meant = new Set(expectation === undefined ? [] : invalidObjectsIn(expectation.end).map((one) => one.what))
  const fresh = invalidObjectsIn(live).filter((one) => !was.has(one.what))
  const worse = fresh.filter((one) => !meant.has(one.what))
  const words = (all: readonly InvalidObject[]): string => all.map((one) => one.what).join(', ')
  if (worse.length === 0)
    return held(what, fresh.length === 0 ? 'as before' : `but for what was approved: ${words(fresh)}`)
  if (expectation === undefined && worse.every(({ kind }) => kind === 'constraint'))
    return { what, result: 'open', seen: `${words(worse)}; whether that is meant is unknown` }
  return broken(what, words(worse))
}

const WORDS = { 'left behind': 'is there and should not be', lost: 'is missing', changed: 'is another one' } as const

/** Rejects with a UserError when the target is gone. The user's own: `assert/*.sql` in the folder of the database, queries that must give no row. */
export async function assertions(
  { read, target }: Opened,
  { files, inspection }: World,
): Promise<readonly Observation[]> {
  const folder = `${read.config.folder}/${ASSERTIONS}`
  const names = ((await files.tree(folder)) ?? []).filter((name) => name.endsWith('.sql'))
  const seen: Observation[] = []
  for (const name of names) {
    const { text, unreadable } = await files.read(name, folder)
    const what = `${name} gives no row`
    if (unreadable !== undefined) {
      seen.push(broken(what, `it cannot be read: ${unreadable}`))
      continue
    }
    const rows = await inspection.rowsOf(target, text).catch((error: unknown) => {
      if (error instanceof UserError && /SQLSTATE/.test(error.message)) return error
      throw error
    })
    if (typeof rows !== 'number') seen.push(broken(what, `the server refuses it: ${rows.message}`))
    else seen.push(rows === 0 ? held(what, 'none') : broken(what, rows === 1 ? '1 row' : `${rows} rows`))
  }
  return seen
}
