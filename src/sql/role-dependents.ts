// What depends on roles: their objects and rights in this database, and that there is something in others.
import { quoted } from './quote.js'

/**
 * Rows of a role, what depends on it in this database or on the whole server, and else the name of another database. Without
 * names: of all roles that are not PostgreSQL's own.
 */
export const roleDependentsQuery = (roles?: readonly string[]): string => `SELECT r.rolname::text,
  CASE WHEN s.dbid IN (0, c.oid) THEN pg_catalog.pg_describe_object(s.classid, s.objid, s.objsubid) END,
  CASE WHEN s.dbid NOT IN (0, c.oid) THEN d.datname::text END
  FROM pg_catalog.pg_shdepend s
  JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid AND s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
  JOIN pg_catalog.pg_database c ON c.datname = pg_catalog.current_database()
  LEFT JOIN pg_catalog.pg_database d ON d.oid = s.dbid
  WHERE ${roles === undefined ? 'r.oid >= 16384' : `r.rolname IN (${roles.map(quoted).join(', ')})`} ORDER BY 1, 2, 3`
