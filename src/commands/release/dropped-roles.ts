// Roles that a step drops, and that people gave objects or rights: the server refuses to drop such a role.
import { firstFew } from '../../model/list-words.js'
import type { DryRunResult } from '../../prove/dry-run.js'
import type { Refused } from '../../release/gate.js'
import { roleDependentsQuery } from '../../sql/role-dependents.js'
import type { PlannedTarget } from '../live/target.js'

/** DROP OWNED and REASSIGN OWNED work in one database: what a role has elsewhere stays. */
const OWNED = /\b(?:DROP|REASSIGN)\s+OWNED\s+BY\b/i

/** What depends on a role there, and on no scratch server, stops the step that drops the role. */
export async function droppedRoles(
  { target, read, plan }: PlannedTarget,
  { steps, dependents }: DryRunResult,
): Promise<readonly Refused[]> {
  const refused: Refused[] = []
  for (const [at, { does }] of steps.entries()) {
    const step = plan.steps[at]
    const roles = does.flatMap(({ kind, change, identity }) => (kind === 'role' && change === 'lost' ? [identity] : []))
    const isTidied = step?.script.messages.some(({ text }) => OWNED.test(text)) === true
    for (const role of roles) {
      const rows = await target.read(roleDependentsQuery([role]))
      const known = new Set(dependents.get(role))
      const others = rows.flatMap(([, what, database]) => {
        if (database !== null && database !== undefined) return [`something in the database ${database}`]
        return what == null || isTidied || known.has(what) ? [] : [what]
      })
      if (others.length === 0) continue
      refused.push({
        rule: 'blocker',
        what: `${read.config.name}: ${step?.migration.id ?? ''} drops the role ${role}, on which depends what no file makes: ${firstFew([...new Set(others)])}`,
        fix: 'Take its objects and rights away first (first REASSIGN OWNED, then DROP OWNED, in each database), and make a new plan.',
      })
    }
  }
  return refused
}
