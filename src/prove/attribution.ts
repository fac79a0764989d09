// Whose fault a failure is: that of its own migration, of an earlier step that failed or was not run here, or of the server.
import type { Script } from '../model/migration.js'
import { offsetOfPlace } from '../model/position.js'
import type { ScriptFailure } from '../report/check-report.js'
import { isShortage } from '../sql/environment-failure.js'
import { symptomOf, type FailedStatement, type Symptom } from '../sql/failure-symptoms.js'
import { owns } from '../sql/known-extensions.js'
import type { DbObject } from '../sql/effects/object-effects.js'
import { statementsIn, withoutStrings } from '../sql/statements.js'
import { explaining, isKnown, makerOf, namesFor, sceneOf, type Scene } from './explain.js'
import type { Cause, Lacking, ObjectLedger } from './object-ledger.js'

/** When it failed: in the first up, in a down whose own up ran, or in the up after that down. */
export type Phase = 'up' | 'down' | 'again'

/** `surely`: texts show that the step makes what is missing, or removes what is in the way. Otherwise it may. */
export type Blame =
  | { readonly on: 'own' | 'server' }
  | { readonly on: 'step'; readonly step: Lacking; readonly surely: boolean }

const OWN: Blame = { on: 'own' }
const SERVER: Blame = { on: 'server' }
const surely = (step: Lacking): Blame => ({ on: 'step', step, surely: true })
const perhaps = (step: Lacking): Blame => ({ on: 'step', step, surely: false })

/**
 * Decides from facts alone: what the texts say about the objects that the server names, whether the step ran before, and
 * where the server points. Where they do not decide, an up that misses something behind a step of unknown effect is not
 * judged, and a down is at fault itself: its own up ran in the same state. So is a second up, which cannot need more of the
 * server or of earlier steps than the first one.
 */
export function blameFor(
  failure: ScriptFailure,
  script: Script | undefined,
  phase: Phase,
  ledger: ObjectLedger,
): Blame {
  if (failure.environment !== undefined && isShortage(failure.sqlstate)) return SERVER
  if (phase === 'again') return OWN
  const unjudged = failure.environment === undefined ? OWN : SERVER
  if (failure.sqlstate === '' || (ledger.isComplete && unjudged === OWN)) return unjudged
  const failed = failedStatement(failure, script)
  const symptom = symptomOf(failed)
  if (symptom === undefined) return unjudged
  const scene = sceneOf(withoutStrings(failed.statement), script, ledger)
  if (symptom.shows === 'missing') return blameMissing(symptom.objects, scene, { phase, unjudged })
  // What a down restores was there before its up, also without the lacking steps.
  if (phase === 'down') return unjudged
  const step = explaining(symptom, scene)
  if (step !== undefined) return surely(step)
  const code = ledger.unknown.find(({ all }) => all)
  return code !== undefined && isAboutRows(symptom, scene) ? perhaps(code.by) : unjudged
}

/** Code mostly moves rows: whether other rows are there than in production. */
const isAboutRows = ({ shows }: Symptom, { relations }: Scene): boolean =>
  shows === 'rows in the way' || shows === 'rows missing' || (shows === 'raised' && relations.length > 0)

function blameMissing(
  objects: readonly DbObject[],
  scene: Scene,
  { phase, unjudged }: { readonly phase: Phase; readonly unjudged: Blame },
): Blame {
  const { ledger } = scene
  const possible = objects.flatMap((object) => namesFor(object, scene))
  const maker = makerOf(possible, ledger)
  if (maker !== undefined) return surely(maker)
  const [named = NOTHING] = objects
  // An operator or a function may also be missing for the types that columns have.
  if (phase === 'up' && (named.kind === 'operator' || named.kind === 'routine')) {
    const step = explaining({ shows: 'column', relation: '', columns: [] }, scene)
    if (step !== undefined) return surely(step)
  }
  // A role that a later step makes may be there in production, as one of the server.
  const known = named.kind === 'role' ? ledger.latest(named) !== undefined : isKnown(objects, possible, scene)
  if (known) return OWN
  const before = ledger.guessed(named)
  for (const { by, all, extensions } of ledger.unknown) {
    const owned = mayOwn(extensions, named)
    if (owned === 'yes') return surely(by)
    // Code says nothing about a down whose own up ran without it.
    const may = phase === 'up' ? all || owned === 'unknown' : by.cause !== 'code' && by === before
    if (!may || unjudged === SERVER) continue
    ledger.guess(named, by)
    return perhaps(by)
  }
  return unjudged
}

const NOTHING: DbObject = { kind: '', name: '' }

/** Members of extensions. Columns, constraints and triggers of the chain's own tables are never theirs. */
const NOT_OF_EXTENSIONS = new Set([
  'column',
  'constraint',
  'trigger',
  'policy',
  'rule',
  'value',
  'role',
  'extension',
  'server',
  'publication',
])

function mayOwn(extensions: readonly string[], { kind, name }: DbObject): 'yes' | 'no' | 'unknown' {
  if (extensions.length === 0 || NOT_OF_EXTENSIONS.has(kind)) return 'no'
  const answers = extensions.map((extension) => owns(extension, kind, name))
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no'
}

function failedStatement(failure: ScriptFailure, script: Script | undefined): FailedStatement {
  const { sqlstate, message, detail, table, constraint, place } = failure
  const found = place && script && offsetOfPlace(script.messages, place)
  const whole = script?.messages.map(({ text }) => text).join('\n;\n') ?? ''
  if (found === undefined) return { sqlstate, message, detail, table, constraint, statement: whole, at: undefined }
  const own = statementsIn(found.message).findLast(({ start }) => start <= found.offset)
  return {
    sqlstate,
    message,
    detail,
    table,
    constraint,
    statement: own?.text ?? found.message.text,
    at: found.offset - (own?.start ?? 0),
  }
}

/** The failure with its cause outside of the migration, or without one where the migration is at fault. */
export function attributed(failure: ScriptFailure, blame: Blame): ScriptFailure {
  const { environment, follows: _, ...own } = failure
  switch (blame.on) {
    case 'own':
      return { ...own, environment: undefined }
    case 'server':
      return { ...own, environment }
    case 'step': {
      const { id, cause } = blame.step
      const depends = blame.surely ? 'depends' : 'may depend'
      const why = cause === 'failed' ? undefined : `${id} ${NOT_RUN[cause]}, and this ${depends} on it`
      return { ...own, environment: why, follows: id }
    }
  }
}

const NOT_RUN = { server: 'could not run here', code: 'is code and was not run here' } as const

const WHAT: Readonly<Record<Cause, string>> = {
  failed: 'whose up failed',
  server: `which ${NOT_RUN.server}`,
  code: `which ${NOT_RUN.code}`,
}

/** The cause in words that go on from "it": `follows from 00001_a, whose up failed`. */
export const reasonOf = (blame: Blame): string | undefined =>
  blame.on === 'step'
    ? `${blame.surely ? 'follows' : 'may follow'} from ${blame.step.id}, ${WHAT[blame.step.cause]}`
    : undefined
