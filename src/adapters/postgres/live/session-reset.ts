// SQL that resets a session after a script. So settings, temporary tables and locks of one file do not reach the next.
// next.
import type { TargetOptions } from '../../../ports/target.js'
import type { SendPlan } from '../scratch/send-plan.js'

const SETTINGS = 'RESET SESSION AUTHORIZATION;RESET ROLE;RESET ALL'
/** The rest of what a script can leave in a session. DISCARD ALL would also release our locks. */
const OBJECTS = 'DISCARD TEMP;DEALLOCATE ALL;CLOSE ALL;UNLISTEN *'

/** For a body with unknown statements. */
export const RESET_ALL = `${SETTINGS};${OBJECTS}`

/** Empty when nothing is to be done. A `shared` session keeps what its scripts set. */
export function resetAfter(way: SendPlan, session: TargetOptions['session']): string {
  const isReset = session === 'reset'
  return [
    ...(way.setsSession && isReset ? [SETTINGS] : []),
    ...((way.temporary || way.unknownChanges) && isReset ? [OBJECTS] : []),
    ...(way.locksAdvisory ? ['SELECT pg_advisory_unlock_all()'] : []),
  ].join(';')
}
