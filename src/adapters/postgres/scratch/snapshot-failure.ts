// What it means when our own functions fail behind a script.
import type { DatabaseError } from 'pg'
import { UserError } from '../../../model/errors.js'
import type { Script } from '../../../model/migration.js'
import { ReachesServer } from '../../../ports/scratch.js'
import { OUTSIDE } from '../catalog/change.js'

/** lock_not_available. A script has left a lock in another session, or a prepared transaction: nothing ends that wait. */
const LOCKED = '55P03'

/** The failure of our functions; undefined where the script itself failed. */
export function snapshotFailure(error: DatabaseError, script?: Pick<Script, 'file'>): Error | undefined {
  if (!/\bpg_temp_\d+\.gate_\w+\(/.test(error.where ?? '')) return undefined
  const file = script?.file ?? 'A script'
  if (error.code === OUTSIDE) return new ReachesServer(file)
  if (error.code !== LOCKED) return new Error(`snapshot failed: ${error.message}`, { cause: error })
  return new UserError({
    kind: 'environment',
    what: `${file} leaves a lock in another session or in a prepared transaction, so what it made cannot be read.`,
    fix: 'End every transaction in the script that begins it.',
    cause: error,
  })
}
