// The JSON report of a plan, from a file that anybody may have written -> its sheet.
import { UserError } from '../model/errors.js'
import {
  digestOf,
  type Identity,
  type ApprovalPlan,
  type ApprovalDatabase,
  type ApprovalStep,
} from './approval-digest.js'

/** Throws a UserError for a text that is no report of a plan, or whose digest is not that of its sheet. `file` is for messages. */
export function readPlanFile(text: string, file: string): ApprovalPlan {
  const refuse = (why: string): never => {
    const fix = 'Name the JSON report of the plan, as plan --output json=plan.json wrote it.'
    throw new UserError({ kind: 'use', what: `${file} holds no plan: ${why}`, fix })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refuse('it is no JSON')
  }
  const approval = member(value, 'approval')
  const sheet = sheetIn(member(approval, 'sheet'))
  if (member(value, 'command') !== 'plan' || sheet === undefined) return refuse('it is no report of plan')
  return digestOf(sheet) === member(approval, 'digest') ? sheet : refuse('its digest is not that of what stands in it')
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined

const text = (value: unknown): value is string => typeof value === 'string'
const maybe = (value: unknown): value is string | undefined => value === undefined || text(value)

/** Member by member, so that nothing else comes along. */
function sheetIn(value: unknown): ApprovalPlan | undefined {
  const of = (name: string): unknown => member(value, name)
  const [commit, environment, expires, databases] = ['commit', 'environment', 'expires', 'databases'].map(of)
  if (of('format') !== 1 || !maybe(commit) || !text(environment) || !text(expires) || !Array.isArray(databases)) {
    return undefined
  }
  const known = databases.map(databaseIn)
  return known.includes(undefined)
    ? undefined
    : { format: 1, commit, environment, expires, databases: known.flatMap((one) => one ?? []) }
}

function databaseIn(value: unknown): ApprovalDatabase | undefined {
  const [name, history, live, steps] = ['name', 'history', 'live', 'steps'].map((one) => member(value, one))
  const identity = identityIn(member(value, 'identity'))
  if (!text(name) || !text(history) || !text(live) || identity === undefined || !Array.isArray(steps)) return undefined
  const known = steps.map(stepIn)
  return known.includes(undefined)
    ? undefined
    : { name, identity, history, live, steps: known.flatMap((one) => one ?? []) }
}

function identityIn(value: unknown): Identity | undefined {
  const [system, host, port, server] = ['system', 'host', 'port', 'server'].map((name) => member(value, name))
  const [database, oid] = ['database', 'oid'].map((name) => member(value, name))
  if (!maybe(system) || !text(host) || !text(port) || !text(server)) return undefined
  if (!text(database) || !text(oid)) return undefined
  return { system, host, port, database, oid, server }
}

const MODES = ['wrapped', 'message', 'none'] as const

function stepIn(value: unknown): ApprovalStep | undefined {
  const [version, id, up, down, after] = ['version', 'id', 'up', 'down', 'after'].map((name) => member(value, name))
  const direction = (['up', 'down'] as const).find((word) => word === member(value, 'direction'))
  const transaction = MODES.find((word) => word === member(value, 'transaction'))
  if (direction === undefined || transaction === undefined || !text(after)) return undefined
  if (!text(version) || !text(id) || !maybe(up) || !maybe(down)) return undefined
  return { direction, version, id, up, down, transaction, after }
}
