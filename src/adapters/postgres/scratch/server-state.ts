// What all databases of a server share, as it was before a chain, and how it is brought back to that.
import { compareSnapshots } from '../../../catalog/compare-snapshots.js'
import { deriveDown } from '../../../catalog/derive/down.js'
import type { Snapshot } from '../../../catalog/snapshot.js'
import { firstFew } from '../../../model/list-words.js'
import { UserError } from '../../../model/errors.js'
import { identifier } from '../../../sql/quote.js'
import { sharedKinds } from '../catalog/shared.js'
import type { Unseen } from '../../../ports/scratch.js'
import type { HiddenEffect } from '../../../sql/effects/hidden-effects.js'
import type { Session } from '../session.js'

/**
 * `restore` removes what came since, and changes the rest back, as far as SQL can. `complain`: rejects with a UserError if
 * something still differs. Drop every scratch database of the chain before.
 */
export type RememberedServer = {
  readonly restore: (maintenance: Session, end: 'complain' | 'try') => Promise<void>
}

/** Reads the current state of a server that goes on after the chain. */
export async function rememberServer(maintenance: Session, major: number): Promise<RememberedServer> {
  const before = await readServer(maintenance, major)
  return {
    restore: async (session, end) => {
      for (const sql of undo(before, await readServer(session, major))) await session.send(sql).catch(() => undefined)
      if (end === 'try') return
      const differences = compareSnapshots(before, await readServer(session, major))
      if (differences.length > 0) throw notAsBefore(differences.map(({ kind, identity }) => `${kind} ${identity}`))
    },
  }
}

const notAsBefore = (what: readonly string[]): UserError =>
  new UserError({
    kind: 'environment',
    what: `The given server cannot be brought back to its state before these migrations, so nothing more can be proved there: ${firstFew(what)} differ.`,
    fix: 'Leave out --server: a private server is new for each attempt. Or start a new server, and first correct the migration that changes these.',
  })

/** All databases have a name here, also the one of the session. */
async function readServer(session: Session, major: number): Promise<Snapshot> {
  const kinds = sharedKinds(major, 'all databases')
  const selects = kinds.map(({ select }) => select)
  const head = ['BEGIN', `SET LOCAL search_path = ''`, ...kinds.flatMap(({ functions }) => functions ?? [])]
  const answers = await session.send([...head, ...selects, 'ROLLBACK'].join(';\n'))
  const rows = answers.slice(head.length, head.length + selects.length).flatMap(({ rows: found }) => found)
  return new Map(rows.map(([, unit, document]) => [String(unit), String(document)]))
}

/** A role can be dropped once it owns nothing and has no rights left. */
function undo(before: Snapshot, now: Snapshot): readonly string[] {
  const { statements, alone } = deriveDown(before, now, { fates: new Map() })
  const roles = [...now.keys()].filter((unit) => unit.startsWith('role ') && !before.has(unit))
  return [
    ...alone.filter((sql) => sql.startsWith('DROP DATABASE')),
    ...roles.map((unit) => `DROP OWNED BY ${unit.slice('role '.length)}`),
    ...statements,
    ...alone.filter((sql) => !sql.startsWith('DROP DATABASE')),
  ]
}

const TABLESPACES = `SELECT spcname FROM pg_tablespace WHERE oid >= 16384 AND pg_tablespace_location(oid) NOT LIKE 'pg_tblspc/%'`
const DATABASES = `SELECT datname FROM pg_database WHERE datname NOT IN (current_database(), 'template0', 'template1')`

/**
 * Drops tablespaces whose folders do not go with the data directory, so that another server can have them; and before
 * that all databases, which may have files there.
 */
export async function dropTablespaces(maintenance: Session): Promise<void> {
  const names = (sql: string): Promise<readonly string[]> =>
    maintenance.send(sql).then(
      (answers) => (answers.at(-1)?.rows ?? []).map(([name]) => identifier(String(name))),
      () => [],
    )
  const tablespaces = await names(TABLESPACES)
  if (tablespaces.length === 0) return
  const drop = [
    ...(await names(DATABASES)).flatMap((name) => [
      `ALTER DATABASE ${name} IS_TEMPLATE false`,
      `DROP DATABASE ${name} WITH (FORCE)`,
    ]),
    ...tablespaces.map((name) => `DROP TABLESPACE ${name}`),
  ]
  for (const sql of drop) await maintenance.send(sql).catch(() => undefined)
}

const HOLDS = `SELECT format('ALTER SUBSCRIPTION %I DISABLE', subname) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()
  UNION ALL SELECT format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', subname) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()
  UNION ALL SELECT format('DROP SUBSCRIPTION %I', subname) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()
  UNION ALL SELECT format('ROLLBACK PREPARED %L', gid) FROM pg_prepared_xacts WHERE database = current_database()`

/** Drops what keeps a database from being dropped: subscriptions and prepared transactions. Closes the session of the database. */
export async function freeDatabase(session: Session): Promise<void> {
  try {
    for (const [sql] of (await session.send(HOLDS)).at(-1)?.rows ?? []) await session.send(String(sql))
  } finally {
    await session.close()
  }
}

const SEEN = `SELECT session_user, has_table_privilege('pg_catalog.pg_file_settings', 'SELECT') AND has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE'),
  has_table_privilege('pg_catalog.pg_authid', 'SELECT'), has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')`

/** What the role of a session may not read of the server. */
export async function findUnseen(session: Session): Promise<readonly Unseen[]> {
  const [role, ...seen] = (await session.send(SEEN)).at(-1)?.rows[0] ?? []
  const views: readonly (readonly [HiddenEffect, string])[] = [
    ['settings of the server', 'what ALTER SYSTEM sets (pg_file_settings)'],
    ['passwords of roles', 'passwords of roles (pg_authid)'],
    ['connections of subscriptions', 'the connections of subscriptions (pg_subscription)'],
  ]
  return views.flatMap(([what, words], at) =>
    seen[at] === 't' ? [] : [{ what, why: `role ${identifier(String(role))} may not read ${words}` }],
  )
}
