// The Inspection port: queries to a live database, over the connection of the run.
import { statfs } from 'node:fs/promises'
import { UserError } from '../../../model/errors.js'
import type { Rows } from '../../../state/history.js'
import type { Identity } from '../../../release/approval-digest.js'
import type { Inspection } from '../../../ports/inspect.js'
import type { Target } from '../../../ports/target.js'
import { isPlaceHere } from '../../../model/this-machine.js'
import { quoted } from '../../../sql/quote.js'
import { readConditions } from './conditions.js'
import { countLosses } from './count-losses.js'

export const createInspection = (): Inspection => ({
  identity,
  conditions: readConditions,
  defaultRights,
  sizes: async (target, relations) => {
    if (relations.length === 0) return []
    const rows = await target.read(
      `SELECT name, CASE WHEN c.reltuples < 0 THEN pg_stat_get_live_tuples(c.oid) ELSE c.reltuples::bigint END, pg_total_relation_size(c.oid) FROM ${named(relations)}`,
    )
    return rows.map(([relation, count, bytes]) => ({
      relation: relation ?? '',
      rows: Number(count),
      bytes: Number(bytes),
    }))
  },
  count: countLosses,
  room: async (target, rewritten) => {
    const question = `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM ${named(rewritten)}`
    const [row] = rewritten.length === 0 ? [] : await target.read(question)
    return { needed: Number(row?.[0] ?? 0), free: await freeRoom(target) }
  },
  rowsOf: async (target, query) => {
    const body = query.trim().replace(/;\s*$/, '')
    const [row] = await target.read(`BEGIN READ ONLY; SELECT count(*) FROM (${body}\n) AS found`)
    await target.read('ROLLBACK')
    return Number(row?.[0] ?? 0)
  },
})

/** The relations of the given names that exist, as `c` with its `name`. */
const named = (relations: readonly string[]): string =>
  `unnest(ARRAY[${relations.map(quoted).join(', ')}]::text[]) AS name JOIN pg_class c ON c.oid = to_regclass(name)`

async function defaultRights(
  target: Target,
  relations: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  if (relations.length === 0) return new Map()
  const rows = await target.read(`SELECT name, pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)),
    string_agg(CASE x.privilege_type WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a' WHEN 'UPDATE' THEN 'w' WHEN 'DELETE' THEN 'd'
      WHEN 'TRUNCATE' THEN 'D' WHEN 'REFERENCES' THEN 'x' WHEN 'TRIGGER' THEN 't' WHEN 'MAINTAIN' THEN 'm' WHEN 'USAGE' THEN 'U' END, '')
    FROM ${named(relations)}
    JOIN pg_catalog.pg_default_acl d ON d.defaclrole = c.relowner AND d.defaclnamespace IN (0, c.relnamespace)
      AND d.defaclobjtype = CASE c.relkind WHEN 'S' THEN 'S' ELSE 'r' END::"char"
    CROSS JOIN pg_catalog.aclexplode(d.defaclacl) x WHERE x.grantee <> 0 GROUP BY 1, 2`)
  const found = new Map<string, Map<string, string>>()
  for (const [name, role, letters] of rows) {
    const roles = found.get(name ?? '') ?? new Map<string, string>()
    found.set(name ?? '', roles.set(role ?? '', letters ?? ''))
  }
  return found
}

async function identity(target: Target): Promise<{ readonly identity: Identity; readonly role: string }> {
  const [row] = await target.read(
    'SELECT datname, oid, session_user FROM pg_database WHERE datname = current_database()',
  )
  // On some managed services only a superuser may read these.
  const [system] = await target.read('SELECT system_identifier FROM pg_control_system()').catch(unlessLost([]))
  const [, host = '', port = ''] = /^(.*)(?::|\/\.s\.PGSQL\.)(\d+)\/[^/]*$/.exec(target.place) ?? []
  return {
    identity: {
      system: system?.[0] ?? undefined,
      host,
      port,
      database: row?.[0] ?? '',
      oid: row?.[1] ?? '',
      server: target.version,
    },
    role: row?.[2] ?? '',
  }
}

/** Answers with `instead` when the server refuses. A lost connection stays an error. */
const unlessLost =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof UserError && /SQLSTATE/.test(error.message)) return instead
    throw error
  }

/** Bytes; undefined for a server on another host, or when the role may not see where its data is. */
async function freeRoom(target: Target): Promise<number | undefined> {
  if (!isPlaceHere(target.place)) return undefined
  const [row] = await target.read('SHOW data_directory').catch(unlessLost<Rows>([]))
  const folder = row?.[0]
  if (folder === undefined || folder === null) return undefined
  const space = await statfs(folder).catch(() => undefined)
  return space && space.bavail * space.bsize
}
