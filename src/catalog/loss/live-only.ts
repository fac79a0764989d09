// What only the live database has, and what a step meets there: tables, triggers, rules and functions that no file makes.
import { objectsOf, type Snapshot } from '../snapshot.js'
import type { Course } from './course.js'

/**
 * `relations` are whole units. `parts` are triggers and rules of relations that the files make, as JSON, by the unit.
 * `routines` are functions that the files do not make, or not like this, with what the files make instead.
 */
export type LiveOnly = {
  readonly relations: Snapshot
  readonly parts: ReadonlyMap<string, readonly string[]>
  readonly routines: ReadonlyMap<string, { readonly live: string; readonly files: string | undefined }>
}

/** `start` is what the files make before the first step. */
export function liveOnlyIn(live: Snapshot, start: Snapshot): LiveOnly {
  const changed = [...live].filter(([unit, document]) => start.get(unit) !== document)
  const relations = changed.filter(([unit]) => unit.startsWith('relation '))
  return {
    relations: new Map(relations.filter(([unit]) => !start.has(unit))),
    parts: new Map(
      relations.flatMap(([unit, document]) => {
        const found = start.has(unit) ? partsOnlyIn(document, start.get(unit)) : []
        return found.length === 0 ? [] : [[unit, found] as const]
      }),
    ),
    routines: new Map(
      changed.flatMap(([unit, document]) =>
        unit.startsWith('routine ') ? [[unit, { live: document, files: start.get(unit) }] as const] : [],
      ),
    ),
  }
}

/** Triggers and rules of a unit that it has on the live database alone. */
function partsOnlyIn(live: string, files: string | undefined): readonly string[] {
  if (!/\["(?:trigger|rule)"/.test(live)) return []
  const known = new Set(objectsOf(files).map((object) => JSON.stringify(object)))
  return objectsOf(live).flatMap((object) =>
    (object.kind === 'trigger' || object.kind === 'rule') && !known.has(JSON.stringify(object))
      ? [JSON.stringify([object.kind, object.identity, object.definition])]
      : [],
  )
}

/** The catalogue of the files before a step, with what only the live database has. */
export function withLiveOnly(before: Snapshot, { relations, parts, routines }: LiveOnly, course: Course): Snapshot {
  if (relations.size + parts.size + routines.size === 0) return before
  const all = new Map([...relations, ...before])
  for (const [unit, added] of parts) {
    const now = course.unitNow(unit)
    const document = now === undefined ? undefined : before.get(now)
    if (now !== undefined && document !== undefined)
      all.set(now, `${document.trimEnd().slice(0, -1)}, ${added.join(', ')}]`)
  }
  for (const [unit, { live, files }] of routines) {
    // After a step that replaces the function, it is as the files say.
    if (before.get(unit) === files) all.set(unit, live)
  }
  return all
}
