// Remembers the roles of a cluster and restores them after a chain.
import type { Session } from '../session.js'

/** `restore` drops the new roles and tablespaces, and undoes memberships and settings of the others. */
export type RememberedRoles = { readonly restore: (maintenance: Session) => Promise<void> }

const NAMES = `SELECT quote_ident(rolname) FROM pg_roles WHERE oid >= 16384 ORDER BY oid`
const SPACES = `SELECT quote_ident(spcname) FROM pg_tablespace WHERE oid >= 16384 ORDER BY oid`
const MEMBERS = `SELECT quote_ident(r.rolname) || ' FROM ' || quote_ident(m.rolname), '' FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE a.roleid >= 16384 OR a.member >= 16384`
const SETTINGS = `SELECT quote_ident(r.rolname), s.setconfig::text FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = 0`
const SYSTEM = `SELECT quote_ident(name) FROM pg_file_settings WHERE sourcefile LIKE '%/postgresql.auto.conf'`

/** Remembers the current state. Drop every scratch database of the chain before `restore`. */
export async function rememberRoles(maintenance: Session): Promise<RememberedRoles> {
  const roles = new Set(await column(maintenance, NAMES))
  const spaces = new Set(await column(maintenance, SPACES))
  const members = new Set(await column(maintenance, MEMBERS))
  const settings = new Set(await column(maintenance, SETTINGS))
  const system = new Set(await systemSettings(maintenance))
  return {
    restore: async (session) => {
      for (const member of await column(session, MEMBERS))
        if (!members.has(member)) await session.send(`REVOKE ${member}`)
      for (const role of await column(session, SETTINGS))
        if (!settings.has(role)) await session.send(`ALTER ROLE ${role} RESET ALL`)
      for (const role of await column(session, NAMES)) {
        if (roles.has(role)) continue
        await session.send(`DROP OWNED BY ${role}`)
        await session.send(`DROP ROLE ${role}`)
      }
      for (const space of await column(session, SPACES))
        if (!spaces.has(space)) await session.send(`DROP TABLESPACE ${space}`)
      for (const name of await systemSettings(session))
        if (!system.has(name)) await session.send(`ALTER SYSTEM RESET ${name}`)
    },
  }
}

const column = async (session: Session, sql: string): Promise<string[]> =>
  ((await session.send(sql)).at(-1)?.rows ?? []).map((row) => String((row as unknown[])[0]))

/** Only superusers may read this, and only they may change it. */
const systemSettings = (session: Session): Promise<string[]> => column(session, SYSTEM).catch(() => [])
