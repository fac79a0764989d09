// In which order tables are filled: parents first, and those that refer to each other together.
import type { Table } from './tables.js'

/** Groups, parents first, and partitions before their table. A group of several tables is a circle of foreign keys; in it, keys that may be NULL wait if that helps. */
export function inGroups(tables: readonly Table[]): readonly (readonly Table[])[] {
  const byOid = new Map(tables.map((table) => [table.oid, table]))
  const parentsOf = (table: Table): readonly Table[] =>
    table.kind === 'p'
      ? tables.filter((leaf) => leaf.kind === 'r' && leaf.partition && leaf.root === table.root)
      : table.foreignKeys.flatMap(({ parent }) => byOid.get(parent) ?? []).filter((parent) => parent !== table)
  return components(tables, parentsOf).map((group) => neededFirst(group))
}

/** Within a circle: those first whose needed parents are not in it, or come before. */
function neededFirst(group: readonly Table[]): readonly Table[] {
  if (group.length === 1) return group
  const inside = new Map(group.map((table) => [table.oid, table]))
  const needed = (table: Table): readonly Table[] =>
    table.foreignKeys.filter(({ nullable }) => !nullable).flatMap(({ parent }) => inside.get(parent) ?? [])
  return components(group, (table) => needed(table).filter((parent) => parent !== table)).flat()
}

/** Strongly connected components, each behind those it points to (Tarjan). */
function components(tables: readonly Table[], next: (table: Table) => readonly Table[]): readonly (readonly Table[])[] {
  const numbers = new Map<Table, number>()
  const open: Table[] = []
  const found: Table[][] = []
  const visit = (table: Table): number => {
    const number = numbers.size
    numbers.set(table, number)
    open.push(table)
    let low = number
    for (const to of next(table)) {
      if (!numbers.has(to)) low = Math.min(low, visit(to))
      else if (open.includes(to)) low = Math.min(low, numbers.get(to) ?? low)
    }
    if (low === number) found.push(open.splice(open.indexOf(table)))
    return low
  }
  for (const table of tables) if (!numbers.has(table)) visit(table)
  return found
}
