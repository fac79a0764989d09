// What an approval covers: the approval plan and its digest. Pure.
import { createHash } from 'node:crypto'
import { firstFew } from '../model/list-words.js'
import type { Direction, TransactionMode } from '../model/migration.js'

/**
 * The identity of a live database. `system` is the identifier of pg_control_system(), if the role may read it. `oid`
 * distinguishes the database from a later one with the same name. The role is not part of it, because the planning role
 * may only read.
 */
export type Identity = {
  readonly system: string | undefined
  readonly host: string
  readonly port: string
  readonly database: string
  readonly oid: string
  readonly server: string
}

/**
 * One migration in one direction. `up` and `down` are checksums of its scripts. `transaction` is the mode of the script
 * that runs. `after` is the fingerprint of the expected portable catalogue, `unknown` without a dry run.
 */
export type ApprovalStep = {
  readonly direction: Direction
  readonly version: string
  readonly id: string
  readonly up: string | undefined
  readonly down: string | undefined
  readonly transaction: TransactionMode
  readonly after: string
}

/** `history` and `live` are fingerprints of the tool's table and of the portable catalogue before the first step. */
export type ApprovalDatabase = {
  readonly name: string
  readonly identity: Identity
  readonly history: string
  readonly live: string
  readonly steps: readonly ApprovalStep[]
}

/** `commit`: the commit of the files, undefined outside of a repository. `expires` is ISO 8601 in UTC. */
export type ApprovalPlan = {
  readonly format: 1
  readonly commit: string | undefined
  readonly environment: string
  readonly expires: string
  readonly databases: readonly ApprovalDatabase[]
}

/** SHA-256 (hex) of the plan's canonical JSON: sorted names, no blanks, no undefined members. */
export const digestOf = (plan: ApprovalPlan): string => createHash('sha256').update(canonical(plan)).digest('hex')

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

/** The digits that people read and type. */
export const shortDigest = (digest: string): string => digest.slice(0, 8)

const SHORTEST = 8

/** Whether a text is a digest, or its beginning with 8 or more hexadecimal digits. */
export const isDigest = (text: string): boolean =>
  text.length >= SHORTEST && text.length <= 64 && /^[0-9a-f]+$/.test(text)

/** Fingerprint of a tool's table and its rows. `rows` is undefined if there is no table. */
export const historyFingerprint = (kind: string, table: string, rows: unknown): string =>
  createHash('sha256')
    .update(canonical([kind, table, rows ?? null]))
    .digest('hex')

/** A difference between the approved plan and the current one, as a sentence. */
export type ApprovalDrift = { readonly database: string | undefined; readonly what: string }

/**
 * `done`: by database, how many of the first approved steps already ran under this digest, when a run continues. These
 * steps changed the history and the live schema, so only their expected result is compared with the current state.
 */
export function driftSinceApproval(
  approved: ApprovalPlan,
  now: ApprovalPlan,
  done: ReadonlyMap<string, number>,
): readonly ApprovalDrift[] {
  const whole = (what: string): ApprovalDrift => ({ database: undefined, what })
  const names = [...new Set([...approved.databases, ...now.databases].map(({ name }) => name))]
  return [
    ...(approved.commit === now.commit
      ? []
      : [whole(`the commit is ${short(now.commit)}, not the approved ${short(approved.commit)}`)]),
    ...(approved.environment === now.environment
      ? []
      : [whole(`the environment is ${now.environment}, not the approved ${approved.environment}`)]),
    ...(approved.expires === now.expires
      ? []
      : [whole(`the expiry is ${now.expires}, not the approved ${approved.expires}`)]),
    ...names.flatMap((name) => {
      const [before, after] = [approved, now].map(({ databases }) => databases.find((one) => one.name === name))
      if (before === undefined) return [{ database: name, what: 'not in the approved plan' }]
      const over = (done.get(name) ?? 0) >= before.steps.length
      if (after === undefined) return over ? [] : [{ database: name, what: 'approved, but has no steps now' }]
      return movedIn(before, after, done.get(name) ?? 0).map((what) => ({ database: name, what }))
    }),
  ]
}

const short = (commit: string | undefined): string => commit?.slice(0, 8) ?? 'unknown'

function movedIn(approved: ApprovalDatabase, now: ApprovalDatabase, done: number): readonly string[] {
  const identity = (Object.keys(WORDS) as (keyof Identity)[]).filter(
    (key) => approved.identity[key] !== now.identity[key],
  )
  const rest = approved.steps.slice(done)
  const live = done === 0 ? approved.live : (approved.steps[done - 1]?.after ?? 'unknown')
  return [
    ...identity.map(
      (key) =>
        `a different target: its ${WORDS[key]} is ${now.identity[key] ?? 'unknown'}, not the approved ${approved.identity[key] ?? 'unknown'}`,
    ),
    ...(done === 0 && approved.history !== now.history ? ["the tool's history changed since the approval"] : []),
    ...(live !== 'unknown' && live !== now.live
      ? [`the live schema differs from ${done === 0 ? 'the approved one' : 'what the steps so far make'}`]
      : []),
    ...stepsMoved(rest, now.steps),
  ]
}

const WORDS = {
  system: 'system identifier',
  host: 'host',
  port: 'port',
  database: 'database name',
  oid: 'database OID',
  server: 'server version',
} as const satisfies Record<keyof Identity, string>

function stepsMoved(approved: readonly ApprovalStep[], now: readonly ApprovalStep[]): readonly string[] {
  const name = ({ direction, id }: ApprovalStep): string => `${direction} ${id}`
  const was = approved.map(name)
  const is = now.map(name)
  if (was.join('\n') !== is.join('\n')) {
    const gone = was.filter((one) => !is.includes(one))
    const added = is.filter((one) => !was.includes(one))
    return [
      ...(gone.length > 0 ? [`approved, but no longer planned: ${firstFew(gone)}`] : []),
      ...(added.length > 0 ? [`planned now, but not approved: ${firstFew(added)}`] : []),
      ...(gone.length + added.length === 0 ? ['the steps are in a different order'] : []),
    ]
  }
  return now.flatMap((step, i) => {
    const before = approved[i]
    if (before === undefined) return []
    return [
      ...(before.up === step.up ? [] : [`the up of ${step.id} has another text`]),
      ...(before.down === step.down ? [] : [`the down of ${step.id} has another text`]),
      ...(before.transaction === step.transaction ? [] : [`${step.id} is sent in a different transaction mode`]),
      ...(before.after === step.after ? [] : [`${step.id} leads to a different schema than the approved one`]),
    ]
  })
}
