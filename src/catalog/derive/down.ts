// The difference of two snapshots as SQL: a down derived for an up without one.
import type { Script } from '../../model/migration.js'
import { reversed, type Fates } from '../identity.js'
import type { CatalogueObject, Snapshot } from '../snapshot.js'
import { columnSteps } from './columns.js'
import { commentSteps } from './comments.js'
import { constraintSteps, indexSteps } from './constraints.js'
import { grantSteps, ownerSteps } from './grants.js'
import { logicSteps } from './logic.js'
import { find, keyOf, readSides, text, type UnitAction, type Pair, type Side, type Work } from './model.js'
import { parentOf } from './names.js'
import { inOrder } from './order.js'
import { followsTable, rareSteps } from './rare.js'
import { findRebuilt } from './rebuild.js'
import { relationSteps } from './relations.js'
import { findRenames } from './renames.js'
import { routineSteps } from './routines.js'
import { comesWithColumn, sequenceSteps } from './sequences.js'
import type { Step } from './step.js'
import { typeSteps } from './types.js'

/**
 * `statements` roll back the catalogue, in an order that PostgreSQL accepts, each without its semicolon. `notes` are
 * sentences on what cannot be derived, or only under conditions. `loses` names the data that the statements drop. `alone`
 * would be further statements, which refuse a transaction; each is also in a note.
 */
export type DerivedDown = {
  readonly statements: readonly string[]
  readonly notes: readonly string[]
  readonly loses: readonly string[]
  readonly alone: readonly string[]
}

/** The words of a script, which tell a role that it names from the role that runs it. */
export const wordsOf = ({ messages }: Script): ReadonlySet<string> =>
  new Set(messages.flatMap(({ text }) => text.match(/[\w$\u0080-\uffff]+/g) ?? []))

/**
 * SQL that changes a database from `after` back to `before`. It is a guess from the two states: rows, and facts outside
 * the catalogue, are missing. So prove it before use. `fates` lead from `before` to `after`: what has another name is
 * renamed, and keeps its data. `words` are those of the up: where they do not hold the name of the role that runs it,
 * CURRENT_USER takes its place.
 */
export function deriveDown(
  before: Snapshot,
  after: Snapshot,
  { fates, words }: { readonly fates: Fates; readonly words?: ReadonlySet<string> },
): DerivedDown {
  const { goal, here: made } = readSides(before, after)
  const isSameType = (group: string): boolean => !fates.has(group) || fates.get(group)?.to !== undefined
  const { here, steps: renaming } = findRenames(goal, made, { fates: reversed(fates), isSameType })
  const { rebuilt, retyped } = findRebuilt(goal, here)
  const role = mostFrequentOwner(goal, here)
  const work: Work = { goal, here, rebuilt, retyped, fresh: freshColumns(fates), role, words }
  const steps = inOrder([...renaming, ...pairsOf(work).flatMap((pair) => stepsOf(work, pair))])
  const sentences = (key: 'note' | 'loses'): readonly string[] => [...new Set(steps.flatMap((step) => step[key] ?? []))]
  return {
    statements: steps.flatMap(({ sql }) => sql),
    notes: sentences('note'),
    loses: sentences('loses'),
    alone: steps.flatMap(({ alone }) => alone ?? []),
  }
}

/** Columns of before that are gone, by the keys that they have in the goal: one of the same name is another column. */
const freshColumns = (fates: Fates): ReadonlySet<string> =>
  new Set(
    [...fates].flatMap(([group, { to, columns }]) =>
      to === undefined
        ? []
        : [...columns].flatMap(([name, now]) =>
            now === undefined ? [keyOf({ kind: 'column', identity: `${group.replace(/^\w+ /, '')}.${name}` })] : [],
          ),
    ),
  )

/** The role that runs the migrations, as far as the catalogue shows. */
function mostFrequentOwner(...sides: readonly Side[]): string {
  const counts = new Map<string, number>()
  for (const side of sides) {
    for (const { top } of side.values()) {
      const owner = text(top, 'owner')
      if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1)
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? ''
}

/** The units that differ, and equal units in which an object is rebuilt. */
function pairsOf({ goal, here, rebuilt, retyped }: Work): readonly Pair[] {
  const isTouched = rebuilt.size + retyped.size > 0
  const touched = (object: CatalogueObject): boolean => rebuilt.has(keyOf(object)) || retyped.has(keyOf(object))
  return [...new Set([...here.keys(), ...goal.keys()])].sort().flatMap((unit): readonly Pair[] => {
    const wanted = goal.get(unit)
    const now = here.get(unit)
    const same = wanted === now || JSON.stringify(wanted?.objects) === JSON.stringify(now?.objects)
    if (same && !(isTouched && wanted?.objects.some(touched) === true)) return []
    return [{ unit, goal: wanted, here: now, fate: fateOf({ wanted, now, rebuilt }) }]
  })
}

function fateOf({
  wanted,
  now,
  rebuilt,
}: {
  wanted: Pair['goal']
  now: Pair['here']
  rebuilt: Work['rebuilt']
}): UnitAction {
  if (wanted === undefined) return 'dropped'
  if (now === undefined) return 'made'
  return wanted.top !== undefined && rebuilt.has(keyOf(wanted.top)) ? 'rebuilt' : 'kept'
}

function stepsOf(work: Work, pair: Pair): readonly Step[] {
  return [...ownSteps(work, pair), ...ownerSteps(work, pair), ...grantSteps(work, pair), ...commentSteps(work, pair)]
}

function ownSteps(work: Work, pair: Pair): readonly Step[] {
  const kind = (pair.goal?.top ?? pair.here?.top)?.kind
  switch (kind) {
    case 'sequence':
      return sequenceSteps(work, pair, {
        columnGoes: (column) => columnGoes(work, column),
        columnMakes: (sequence) => comesWithColumn(work, sequence),
      })
    case 'composite type':
    case 'enum':
    case 'domain':
    case 'range':
    case 'type':
      return typeSteps(work, pair)
    case 'function':
    case 'procedure':
    case 'aggregate':
      return routineSteps(pair)
    case 'table':
    case 'foreign table':
    case 'view':
    case 'matview':
      return relation(work, pair)
    default: {
      const statistics = kind === 'statistics' && pair.goal === undefined ? pair.here?.top : undefined
      return statistics !== undefined && followsTable(work, statistics) ? [] : rareSteps(work, pair)
    }
  }
}

function relation(work: Work, pair: Pair): readonly Step[] {
  const isTable = pair.goal?.top?.kind.endsWith('table') === true
  return [
    ...relationSteps(work, pair),
    ...(isTable && pair.fate === 'kept' ? columnSteps(work, pair) : []),
    ...(isTable ? constraintSteps(work, pair) : []),
    ...indexSteps(work, pair),
    ...logicSteps(work, pair),
  ]
}

/** Whether a column of the starting state is dropped, alone or with its table. */
function columnGoes(work: Work, column: string): boolean {
  const unit = `relation ${parentOf(column)}`
  const goal = work.goal.get(unit)
  const object = { kind: 'column', identity: column, definition: {} }
  if (goal?.top === undefined || work.rebuilt.has(keyOf(goal.top)) || work.rebuilt.has(keyOf(object))) return true
  return find(goal, object) === undefined
}
