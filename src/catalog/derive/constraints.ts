// Constraints, indexes and statistics targets of a table that is kept or made.
import { rowsThatViolate } from './failing-rows.js'
import type { CatalogueObject } from '../snapshot.js'
import { lastPart, parentOf, partsOf } from './names.js'
import { find, isFresh, isInherited, isSet, keyOf, ofKind, text, type Pair, type Unit, type Work } from './model.js'
import { RANK, step, type Step } from './step.js'

export const isForeignKey = (constraint: CatalogueObject): boolean =>
  (text(constraint, 'def') ?? '').startsWith('FOREIGN KEY')

/** From PostgreSQL 18 on, NOT NULL is also a constraint; the column already has it. */
export const isNotNull = (constraint: CatalogueObject): boolean =>
  (text(constraint, 'def') ?? '').startsWith('NOT NULL')

/** The index that a constraint creates, by its name in the schema of the table. */
export const indexOf = (constraint: CatalogueObject): string | undefined => {
  const index = text(constraint, 'index')
  return index === undefined ? undefined : lastPart(index)
}

const backed = (unit: Unit | undefined): ReadonlySet<string> =>
  new Set(ofKind(unit, 'constraint').flatMap((constraint) => indexOf(constraint) ?? []))

/** Indexes that come neither with a constraint nor with an index of a parent. */
function ownIndexes(unit: Unit | undefined): readonly CatalogueObject[] {
  const known = backed(unit)
  return ofKind(unit, 'index').filter(
    (index) => !known.has(lastPart(index.identity)) && text(index, 'parent') === undefined,
  )
}

export const ownConstraints = (unit: Unit | undefined): readonly CatalogueObject[] =>
  ofKind(unit, 'constraint').filter((constraint) => !isInherited(constraint) && !isNotNull(constraint))

export const constraintSteps = (work: Work, pair: Pair): readonly Step[] => {
  const goals = ownConstraints(pair.goal).filter((one) => isFresh(work, pair, one) || goesWithParent(pair, one))
  const heres = pair.fate === 'kept' ? ownConstraints(pair.here) : []
  const gone = heres.filter((one) => work.rebuilt.has(keyOf(one)) || find(pair.goal, one) === undefined)
  // CREATE TABLE of a new table holds these, except foreign keys, which may refer to a later table.
  const made = pair.fate === 'kept' ? goals : goals.filter(isForeignKey)
  return [...gone.map(dropConstraint), ...made.map((one) => makeConstraint(pair, one))]
}

/** A partition's own one, which its parent has taken over: dropped with that of the parent, it is made again. */
function goesWithParent(pair: Pair, goal: CatalogueObject): boolean {
  const here = find(pair.here, goal)
  if (here === undefined || isDetached(pair)) return false
  return goal.kind === 'index'
    ? text(goal, 'parent') === undefined && text(here, 'parent') !== undefined
    : !isInherited(goal) && isInherited(here)
}

function dropConstraint(constraint: CatalogueObject): Step {
  const table = parentOf(constraint.identity)
  const rank = isForeignKey(constraint) ? RANK.dropForeignKey : RANK.dropConstraint
  const index = indexOf(constraint)
  return step(rank, `ALTER TABLE ${table} DROP CONSTRAINT ${lastPart(constraint.identity)}`, {
    frees: `${text(constraint, 'def') ?? ''} ${lastPart(table)}`,
    ...(index === undefined ? {} : { removes: [index] }),
  })
}

function makeConstraint(pair: Pair, constraint: CatalogueObject): Step {
  const table = parentOf(constraint.identity)
  const def = text(constraint, 'def') ?? ''
  const ready = ownIndexes(pair.here).find(({ identity }) => lastPart(identity) === indexOf(constraint))
  const using = /^(PRIMARY KEY|UNIQUE)\b.*?\)((?: DEFERRABLE.*)?)$/.exec(def)
  const body =
    ready !== undefined && using !== null
      ? `${using[1] ?? ''} USING INDEX ${lastPart(ready.identity)}${using[2] ?? ''}`
      : def
  const rank = isForeignKey(constraint) ? RANK.makeForeignKey : RANK.makeConstraint
  return step(rank, `ALTER TABLE ${table} ADD CONSTRAINT ${lastPart(constraint.identity)} ${body}`, {
    needs: `${def} ${lastPart(table)}`,
    ...(indexOf(constraint) === undefined ? {} : { makes: [indexOf(constraint) ?? ''] }),
    note:
      /^(?:UNIQUE|PRIMARY KEY|CHECK|EXCLUDE)/.test(def) && pair.fate === 'kept'
        ? rowsThatViolate(lastPart(constraint.identity))
        : undefined,
  })
}

export function indexSteps(work: Work, pair: Pair): readonly Step[] {
  const ofGoal = backed(pair.goal)
  const goals = ownIndexes(pair.goal)
  const heres = pair.fate === 'kept' ? ownIndexes(pair.here) : []
  const gone = heres.filter(
    (one) =>
      (work.rebuilt.has(keyOf(one)) || find(pair.goal, one) === undefined) && !ofGoal.has(lastPart(one.identity)),
  )
  return [
    ...gone.map((one) =>
      step(RANK.dropIndex, `DROP INDEX ${one.identity}`, {
        frees: text(one, 'def'),
        removes: [lastPart(one.identity)],
      }),
    ),
    ...goals.filter((one) => isFresh(work, pair, one) || goesWithParent(pair, one)).map(makeIndex),
    ...ofKind(pair.goal, 'index').flatMap((one) =>
      indexFlags(one, isFresh(work, pair, one) ? undefined : find(pair.here, one)),
    ),
    ...(isDetached(pair) ? leftOver(pair) : []),
  ]
}

const isDetached = ({ fate, goal, here }: Pair): boolean =>
  fate === 'kept' &&
  text(goal?.top, 'partition_bound') === undefined &&
  text(here?.top, 'partition_bound') !== undefined

/** A detached partition keeps what it got from its parent. */
const leftOver = ({ goal, here }: Pair): readonly Step[] =>
  ofKind(here, 'index')
    .filter(
      (one) =>
        text(one, 'parent') !== undefined && find(goal, one) === undefined && !backed(here).has(lastPart(one.identity)),
    )
    .map((one) => step(RANK.dropIndex, `DROP INDEX ${one.identity}`, { needs: DETACHED }))

/** Not a name: a marker that a detach step makes and these steps wait for. */
export const DETACHED = 'partition$detached'

/** The index of a partitioned table prints with `ON ONLY`; created like that, its partitions would get none. */
const makeIndex = (index: CatalogueObject): Step => {
  const def = (text(index, 'def') ?? '').replace(/ ON ONLY /, ' ON ')
  return step(RANK.makeIndex, def, { needs: def, makes: [lastPart(index.identity)] })
}

function indexFlags(goal: CatalogueObject, here: CatalogueObject | undefined): readonly Step[] {
  const table = tableOfIndex(goal)
  const name = lastPart(goal.identity)
  const say = (action: string): Step => step(RANK.flags, `ALTER TABLE ${table} ${action}`)
  const [targets, now] = [goal, here].map((index) => targetsOf(index))
  const columns = [...new Set([...(targets?.keys() ?? []), ...(now?.keys() ?? [])])]
  return [
    ...columns
      .filter((column) => targets?.get(column) !== now?.get(column))
      .map((column) =>
        step(
          RANK.flags,
          `ALTER INDEX ${goal.identity} ALTER COLUMN ${column} SET STATISTICS ${targets?.get(column) ?? '-1'}`,
        ),
      ),
    ...(isSet(here, 'clustered') && !isSet(goal, 'clustered') ? [say('SET WITHOUT CLUSTER')] : []),
    ...(isSet(goal, 'clustered') && !isSet(here, 'clustered') ? [say(`CLUSTER ON ${name}`)] : []),
    ...(isSet(goal, 'replica_identity') && !isSet(here, 'replica_identity')
      ? [say(`REPLICA IDENTITY USING INDEX ${name}`)]
      : []),
  ]
}

/** `1:400, 2:100` -> statistics target by column number. */
const targetsOf = (index: CatalogueObject | undefined): ReadonlyMap<string, string> =>
  new Map(
    (text(index, 'statistics') ?? '')
      .split(', ')
      .flatMap((one) => (one === '' ? [] : [[one.split(':')[0] ?? '', one.split(':')[1] ?? '']])),
  )

const tableOfIndex = (index: CatalogueObject): string => {
  const after = / ON (?:ONLY )?((?:"(?:[^"]|"")*"|[^\s"])+) USING /.exec(text(index, 'def') ?? '')?.[1] ?? ''
  return partsOf(after).join('.')
}
