// The order in which tables have to be loaded: those that are read while others are loaded come first.
import { lastRows, type Link } from '../live/connection.js'
import { analyse, type ReadWhileLoading } from './analysis.js'
import { readNames } from './routines.js'
import { inEmptyPath } from './session.js'
import { readStoredExpressions } from './stored-expressions.js'

/** A table that holds rows itself. */
export type Table = { readonly oid: string; readonly schema: string; readonly name: string }

/** `table` is loaded while `expression` reads `source`; both hold rows themselves, and may be the same. */
export type Dependence = { readonly read: ReadWhileLoading; readonly table: Table; readonly source: Table }

/**
 * Tables (`schema name`) that have to wait for others, in groups: each waits for the group before it, the first for all
 * others. Tables that read themselves or each other are left as they are. The link is on a database whose tables and
 * routines exist. `path`: where a session on the live database searches.
 */
export async function loadOrder(link: Link, path: readonly string[]): Promise<readonly (readonly string[])[]> {
  const dependences = await inEmptyPath(link, async () => {
    const expressions = (await readStoredExpressions(link)).filter(({ moment }) => moment === 'loading')
    const book = await readNames(
      link,
      expressions.flatMap(({ routines }) => routines),
      path,
    )
    return readDependences(link, analyse(expressions, book).reads)
  })
  return groupsOf(dependences)
}

/** Pure. */
export function groupsOf(dependences: readonly Pick<Dependence, 'table' | 'source'>[]): readonly (readonly string[])[] {
  const waits = new Map<string, Set<string>>()
  const names = new Map<string, string>()
  for (const { table, source } of dependences) {
    if (table.oid === source.oid) continue
    names.set(table.oid, `${table.schema} ${table.name}`)
    waits.set(table.oid, (waits.get(table.oid) ?? new Set()).add(source.oid))
  }
  const groups: string[][] = []
  let left = [...waits.keys()]
  while (left.length > 0) {
    const free = left.filter((oid) => [...(waits.get(oid) ?? [])].every((source) => !left.includes(source)))
    // A circle: no order helps.
    const now = free.length > 0 ? free : left
    groups.push(now.map((oid) => names.get(oid) ?? ''))
    left = left.filter((oid) => !now.includes(oid))
  }
  return groups
}

/** With partitions, children and the tables of views in the place of what has no rows itself. */
export async function readDependences(link: Link, reads: readonly ReadWhileLoading[]): Promise<readonly Dependence[]> {
  const tops = [...new Set(reads.flatMap(({ expression, relation }) => [...expression.tables, relation]))]
  if (tops.length === 0) return []
  const below = new Map<string, Table[]>()
  for (const [top, oid, schema, name] of lastRows(await link.send(belowQuery(tops)))) {
    const table = { oid: oid ?? '', schema: schema ?? '', name: name ?? '' }
    below.set(top ?? '', [...(below.get(top ?? '') ?? []), table])
  }
  return reads.flatMap((read) =>
    read.expression.tables.flatMap((top) =>
      (below.get(top) ?? []).flatMap((table) =>
        (below.get(read.relation) ?? []).map((source) => ({ read, table, source })),
      ),
    ),
  )
}

const belowQuery = (tops: readonly string[]): string => `WITH RECURSIVE below(top, id) AS (
    SELECT o, o FROM unnest(ARRAY[${tops.join(', ')}]::oid[]) AS o
    UNION
    SELECT b.top, next.id FROM below b CROSS JOIN LATERAL (
      SELECT i.inhrelid AS id FROM pg_catalog.pg_inherits i WHERE i.inhparent = b.id
      UNION ALL
      SELECT d.refobjid FROM pg_catalog.pg_class v JOIN pg_catalog.pg_rewrite w ON w.ev_class = v.oid
        JOIN pg_catalog.pg_depend d ON d.classid = w.tableoid AND d.objid = w.oid AND d.refclassid = v.tableoid
        WHERE v.oid = b.id AND v.relkind = 'v'
    ) AS next
  )
  SELECT b.top, c.oid, n.nspname, c.relname FROM below b JOIN pg_catalog.pg_class c ON c.oid = b.id
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' ORDER BY 1, 3, 4`
