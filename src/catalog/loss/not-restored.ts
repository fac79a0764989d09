// What an up removed or overwrote, so that its down cannot bring it back: seen from the down, which runs after it.
import { retypesOf } from '../../sql/effects/retypes.js'
import { statementsIn } from '../../sql/statements.js'
import type { Script } from '../../model/migration.js'
import { objectsOf } from '../snapshot.js'
import { reversed, type Fates } from '../identity.js'
import { codeLosses } from './code.js'
import { Course } from './course.js'
import type { PossibleLoss } from '../data-loss.js'
import { keepsOrFails } from '../type-width.js'
import { hasOtherType, keptColumns, statementsOf } from './retyped.js'
import type { Rehearsed, StepFacts } from './step-facts.js'
import { writtenLosses } from './written.js'

/**
 * Words for what is not restored (`DELETE`, `DROP COLUMN`); empty where nothing is known. `facts` are those of the down;
 * `up` is undefined where its text is not known.
 */
export function notRestored(facts: StepFacts, up: Script | undefined): readonly string[] {
  const { rehearsed } = facts
  const found = [
    ...(rehearsed === undefined ? [] : [...madeAgain(facts, rehearsed), ...narrowed(facts, rehearsed)]),
    ...(up === undefined ? [] : written(facts, up)),
  ]
  return [...new Set(found)]
}

/** A down that makes a table or a column makes it without its data. */
function madeAgain({ before }: StepFacts, { after, fates }: Rehearsed): readonly string[] {
  const back = reversed(fates)
  return [...after].flatMap(([group, document]) => {
    if (!group.startsWith('relation ') || before.get(group) === document) return []
    const objects = objectsOf(document)
    const [top] = objects
    if (top?.kind !== 'table') return []
    const from = back.get(group)?.to ?? (isThere(group, before, fates) ? group : undefined)
    if (from === undefined) return ['DROP TABLE']
    const known = new Set(columnsOf(before.get(from), from))
    const names = back.get(group)?.columns
    const isMade = columnsOf(document, group).some((name) => {
      if (names?.has(name) === true) return false
      return !known.has(name) || fates.get(from)?.columns.has(name) === true
    })
    return isMade ? ['DROP COLUMN'] : []
  })
}

const isThere = (group: string, before: StepFacts['before'], fates: Fates): boolean =>
  before.has(group) && (!fates.has(group) || fates.get(group)?.to === group)

/** Columns that hold values of their own, as names in SQL form. */
const columnsOf = (document: string | undefined, group: string): readonly string[] =>
  objectsOf(document).flatMap(({ kind, identity, definition }) =>
    kind === 'column' && definition['generated'] === undefined
      ? [identity.slice(group.length - 'relation'.length)]
      : [],
  )

/** The down gives a column the type from before the up, which the type of the up could not hold. */
function narrowed(facts: StepFacts, rehearsed: Rehearsed): readonly string[] {
  const isEnum = (type: string, documents: StepFacts['before']): boolean =>
    documents.get(`type ${type}`)?.startsWith('[["enum"') === true
  // A wider type often leaves the rows as they are (numeric(9,1) to numeric): so not the rewritten tables alone count.
  const changed = [...facts.before].flatMap(([group, document]) =>
    group.startsWith('relation ') && rehearsed.after.get(rehearsed.fates.get(group)?.to ?? group) !== document
      ? [group.slice('relation '.length)]
      : [],
  )
  return keptColumns(facts, { ...rehearsed, rewrites: changed }).flatMap((column) => {
    const { before: now, after: was } = column
    // A plain cast to an enum keeps each label, or fails.
    if (!hasOtherType(column, rehearsed) || isEnum(now.type, facts.before) || keepsOrFails(was.type, now.type))
      return []
    return ['a narrower type']
  })
}

/** An expression of casts alone keeps what the types can hold. */
const CASTS = /^\(*\s*(?:"(?:[^"]|"")*"|[\w$]+)\s*\)*(?:\s*::\s*[\w$".]+(?:\s*\([\d\s,]*\))?(?:\[\])*\s*\)*)*$/

function written(facts: StepFacts, up: Script): readonly string[] {
  const statements = statementsOf(up)
  const ofUp: StepFacts = {
    ...facts,
    script: up,
    back: undefined,
    course: new Course(facts.before),
    ...(facts.rehearsed && { rehearsed: { ...facts.rehearsed, written: undefined } }),
  }
  const { losses, ...seen } = writtenLosses(ofUp, statements)
  const code = codeLosses({ facts: ofUp, statements, ...seen })
  const using = statements.flatMap(retypesOf).some(({ using }) => using !== undefined && !CASTS.test(using))
  const all = up.messages.flatMap(statementsIn)
  return [
    ...[...losses, ...code].flatMap((loss) => (isOfUp(facts, loss) ? [] : [wordOf(loss)])),
    ...(using && all.length > 0 ? ['USING'] : []),
  ]
}

/** The down removes the table or the column: so it is of the up, as what was written there. */
function isOfUp({ rehearsed }: StepFacts, loss: PossibleLoss): boolean {
  if (loss.kind === 'code' || rehearsed === undefined) return false
  const fate = rehearsed.fates.get(`relation ${loss.table}`)
  if (fate === undefined) return false
  if (fate.to === undefined) return true
  return (
    loss.kind === 'written' &&
    loss.column !== undefined &&
    fate.columns.has(loss.column) &&
    fate.columns.get(loss.column) === undefined
  )
}

function wordOf(loss: PossibleLoss): string {
  if (loss.kind === 'code') return loss.code
  if (loss.kind !== 'written') return loss.kind
  if (loss.verb === 'INSERT') return 'ON CONFLICT DO UPDATE'
  return loss.verb === 'code'
    ? 'why' in loss.question
      ? loss.question.why.replace(/ changes them$/, '')
      : 'code'
    : loss.verb
}
