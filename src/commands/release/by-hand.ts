// What the planned steps meet in the live database that no file makes: objects in their way, and what goes with them.
import { driftOf } from '../../catalog/drift.js'
import type { Difference } from '../../catalog/difference.js'
import { portable, type View } from '../../catalog/portable.js'
import { byKind, isOn, NO_ROLES, rightsIn, rightsWords, withoutBlanket, withoutRights } from '../../catalog/rights.js'
import type { Snapshot } from '../../catalog/snapshot.js'
import { UserError } from '../../model/errors.js'
import { firstFew } from '../../model/list-words.js'
import type { DryRunResult } from '../../prove/dry-run.js'
import type { Refused } from '../../release/gate.js'
import type { Condition } from '../../release/preview.js'
import { roleDependentsQuery } from '../../sql/role-dependents.js'
import type { Run } from '../live/run.js'
import type { PlannedTarget } from '../live/target.js'
import { dryRun, failureWords, type DryRun, type DryRunOptions } from './dry-run.js'

/** What stops the plan, and what to know before it. `failed`: the id of a step that fails on the live structure. */
export type Met = {
  readonly refused: readonly Refused[]
  readonly conditions: readonly Condition[]
  readonly failed?: string
}

const NOTHING: Met = { refused: [], conditions: [] }

type Meeting = {
  readonly dry: DryRun
  readonly live: Snapshot
  readonly view: View
  readonly proof: DryRunOptions['proof']
  /** How to record a step whose objects are there, or what else to do. */
  readonly record: (id: string) => string
}

/**
 * If the live schema is not what the files make, the steps run once more on a copy of the live structure. `live` is the
 * whole live catalogue. Rejects with a UserError if the run is cancelled.
 */
export async function meetByHand(run: Run, planned: PlannedTarget, meeting: Meeting): Promise<Met> {
  const { dry, live, view, proof, record } = meeting
  const { rehearsal } = dry
  if (dry.copy || rehearsal === undefined || rehearsal.failure !== undefined || rehearsal.steps.length === 0)
    return NOTHING
  const rights: Met = {
    refused: [
      ...(await lostRights(run, planned, { rehearsal, live, view })),
      ...(await droppedRoles(planned, rehearsal)),
    ],
    conditions: [],
  }
  const seen = { ...view, ignore: [] }
  const majors = [planned.target.major, dry.major ?? planned.target.major] as const
  const made = portable(rehearsal.start, seen)
  const drift = driftOf({ made, live: portable(live, seen), majors })
  const differences = drift.differences.filter((one) => one.class === 'real')
  if (differences.length === 0) return rights
  try {
    const copy = await dryRun(run, planned, { startFrom: 'live', proof, impact: 'none' })
    if (copy.rehearsal === undefined) return joined(rights, unknown(differences, copy.untried ?? ''))
    return joined(rights, metOnCopy(planned, { copy: copy.rehearsal, files: rehearsal, differences, record }))
  } catch (error) {
    if (!(error instanceof UserError) || error.kind === 'cancelled') throw error
    return joined(rights, unknown(differences, error.message))
  }
}

function joined(...all: readonly Met[]): Met {
  const failed = all.find((one) => one.failed !== undefined)?.failed
  return {
    refused: all.flatMap(({ refused }) => refused),
    conditions: all.flatMap(({ conditions }) => conditions),
    ...(failed !== undefined && { failed }),
  }
}

function unknown(differences: readonly Difference[], why: string): Met {
  const byHand = differences.filter(({ change }) => change === 'left behind')
  if (byHand.length === 0) return NOTHING
  const what = `the live database has what no file makes (${namesOf(byHand)}), and it is not known whether it is in the way of a step: ${why.replaceAll(/\s*\n\s*/g, ' ')}`
  return { refused: [], conditions: [{ kind: 'warns', what, fix: 'Look at these objects before the deploy.' }] }
}

const nameOf = ({ kind, identity }: Pick<Difference, 'kind' | 'identity'>): string => `${kind} ${identity}`

const namesOf = (objects: readonly Difference[]): string => firstFew(objects.map(nameOf))

type OnCopy = Pick<Meeting, 'record'> & {
  readonly copy: DryRunResult
  readonly files: DryRunResult
  readonly differences: readonly Difference[]
}

/** PostgreSQL, "Error Codes": duplicate_table, _column, _object, _function, _schema. */
const IS_THERE = new Set(['42P07', '42701', '42710', '42723', '42P06'])

/** A step that fails on the copy alone, and objects of the copy alone that a step drops. */
function metOnCopy(planned: PlannedTarget, on: OnCopy): Met {
  const { copy, differences, record } = on
  const dropped = joined(...copy.steps.map((_, at) => alsoDropped(planned, on, at)))
  const id = planned.plan.steps[copy.steps.length]?.migration.id
  if (copy.failure === undefined || id === undefined) return dropped
  const { name } = planned.read.config
  const words = failureWords(copy.failure)
  const named = differences.filter(({ identity }) => isNamedIn(words, identity))
  if (named.length === 0 || IS_ABOUT_ROWS.test(copy.failure.sqlstate)) {
    const what = `${id} fails on a copy of the live structure, which has no rows: ${words}`
    const fix = 'If it needs rows that are there, it is all right. Else find out who changed the database.'
    return joined(dropped, { refused: [], conditions: [{ kind: 'warns', what, fix }] })
  }
  const otherwise = `${named.some(({ change }) => change !== 'left behind') ? 'Restore' : 'Drop or change'} ${namesOf(named)} in the database, or bring that into a migration before this one. Then make a new plan.`
  const failing: Refused = {
    rule: 'blocker',
    what: `${name}: ${id} fails on a copy of the live structure: ${words}; ${firstFew(named.map(drifted), '; ')}`,
    fix: IS_THERE.has(copy.failure.sqlstate) ? record(id) : otherwise,
  }
  return joined(dropped, { refused: [failing], conditions: [], failed: id })
}

const drifted = (one: Difference): string =>
  one.change === 'left behind'
    ? `no file makes ${nameOf(one)}`
    : `${nameOf(one)} is ${one.change === 'lost' ? 'missing in the live database' : 'not as the files make it'}`

/** Classes of errors that depend on rows, and errors that a script raises (PostgreSQL, "Error Codes"). */
const IS_ABOUT_ROWS = /^(?:02|2[0-3]|P0)/

/** Parts of a table that have no use without it or its columns. */
const PARTS = new Set(['index', 'constraint', 'statistics', 'column', 'comment'])

/** Parts go with their table or column, which is worth knowing. That something else goes is not what the step is for. */
function alsoDropped({ read, plan }: PlannedTarget, { copy, files, differences }: OnCopy, at: number): Met {
  const byHand = differences.filter(({ change }) => change === 'left behind')
  const id = plan.steps[at]?.migration.id ?? ''
  const lost = (copy.steps[at]?.does ?? []).filter(({ change }) => change === 'lost')
  const known = new Set((files.steps[at]?.does ?? []).map(nameOf))
  const isByHand = (one: Difference): boolean =>
    byHand.some((object) => nameOf(object) === nameOf(one) || nameOf(object) === one.parent)
  const also = lost.filter((one) => !known.has(nameOf(one)) && isByHand(one))
  const isPart = (one: Difference): boolean =>
    PARTS.has(one.kind) && byHand.every((object) => nameOf(object) !== one.parent)
  const inside = byHand.filter(({ parent }) => lost.some((one) => nameOf(one) === parent))
  const parts = [...also.filter(isPart), ...inside]
  const whole = also.filter((one) => !isPart(one))
  return {
    refused:
      whole.length === 0
        ? []
        : [
            {
              rule: 'blocker',
              what: `${read.config.name}: ${id} also drops what no file makes: ${namesOf(whole)}`,
              fix: 'Change the step so that it keeps them. If they may go, drop them in the database first, and make a new plan.',
            },
          ],
    conditions:
      parts.length === 0
        ? []
        : [
            {
              kind: 'warns',
              what: `${id} also drops what no file makes: ${namesOf(parts)}`,
              fix: 'Find out who made it, and what for.',
            },
          ],
  }
}

/** The server writes a name without its schema where the search_path leads to it. */
function isNamedIn(words: string, identity: string): boolean {
  const last = identity.replace(/\(.*$/, '').split('.').at(-1) ?? identity
  return new RegExp(`(?<![\\w$])${last.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`).test(words)
}

/** DROP OWNED and REASSIGN OWNED work in one database: what a role has elsewhere stays. */
const OWNED = /\b(?:DROP|REASSIGN)\s+OWNED\s+BY\b/i

/** What depends on a role there, and on no scratch server, stops the step that drops the role. */
async function droppedRoles(
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

type Rehearsed = { readonly rehearsal: DryRunResult; readonly live: Snapshot; readonly view: View }

/**
 * Refuses a step that takes rights from a role which no file gave. Left out: an object that goes for good, if the role has
 * the same rights on everything else in its schema; and rights that the default privileges give again.
 */
async function lostRights(
  run: Run,
  { target, read, plan }: PlannedTarget,
  { rehearsal, live, view }: Rehearsed,
): Promise<readonly Refused[]> {
  const given = rightsIn(live, view)
  const byHand = withoutRights(given, rightsIn(rehearsal.start, view))
  if (byHand.size === 0) return []
  const refused: Refused[] = []
  for (const [at, { does, remade, after }] of rehearsal.steps.entries()) {
    const id = `${read.config.name}: ${plan.steps[at]?.migration.id ?? ''}`
    const gone = does.filter(({ change }) => change === 'lost').map(({ kind, identity }) => `${kind} ${identity}`)
    const dropped = new Map(
      [...byHand].flatMap(([name, roles]) => {
        const own = gone.includes(name) ? withoutBlanket(name, roles, given) : NO_ROLES
        return own.size === 0 ? [] : [[name, own] as const]
      }),
    )
    if (dropped.size > 0) {
      const what = `${id} drops what roles have rights on that no file gives: ${rightsWords(dropped)}`
      const fix = 'Find out who uses it. If it may go, REVOKE the rights in the database first, and make a new plan.'
      refused.push({ rule: 'blocker', what, fix })
    }
    const again = new Map([...byHand].filter(([name]) => remade.some((relation) => isOn(name, relation))))
    if (again.size === 0) continue
    const defaults = await run.world.inspection.defaultRights(target, remade)
    const lost = withoutRights(withoutRights(again, rightsIn(after, view)), byKind(again, defaults))
    if (lost.size > 0) {
      const what = `${id} drops and makes again what roles have rights on that no file gives, so they lose them: ${rightsWords(lost)}`
      const fix =
        'GRANT them in the migration, or let the database give them (ALTER DEFAULT PRIVILEGES), and make a new plan.'
      refused.push({ rule: 'blocker', what, fix })
    }
  }
  return refused
}
