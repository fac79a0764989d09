// Words for the objects of a database and a cluster other than relations, types and routines.
import { acl } from './grants.js'
import { flag, literal, owner, plain, quiet, word, type Word } from './keys.js'

const lines = (value: unknown): string => (Array.isArray(value) ? value.map(plain).join('; ') : plain(value))

/** Options of foreign servers and their users, without secrets. */
const accessOptions = (key: string): Word => ({
  key,
  say: (value) => `OPTIONS (${lines(value).replace(/((?:pass|secret|token|key|credential)[^=;]*=)[^;]*/gi, '$1***')})`,
  none: 'no options',
})

export const databaseWords: Readonly<Record<string, readonly Word[]>> = {
  schema: [acl, owner],
  extension: [word('version', (value) => `VERSION ${value}`), word('schema', (value) => `SCHEMA ${value}`), owner],
  comment: [{ key: 'text', say: literal, none: 'no comment' }],
  'default privileges': [acl],
  database: [
    { key: 'settings', say: (value) => `SET ${lines(value)}`, none: 'no settings' },
    word('connection_limit', (value) => `CONNECTION LIMIT ${value}`, 'no CONNECTION LIMIT'),
    { key: 'comment', say: (value) => `COMMENT ${literal(value)}`, none: 'no comment' },
    acl,
  ],
  'user mapping': [accessOptions('options')],
  server: [accessOptions('srvoptions'), acl, owner],
  'foreign data wrapper': [accessOptions('fdwoptions'), acl, owner],
  publication: [
    flag('puballtables', 'FOR ALL TABLES', 'not FOR ALL TABLES'),
    flag('pubinsert', 'INSERT', 'no INSERT'),
    flag('pubupdate', 'UPDATE', 'no UPDATE'),
    flag('pubdelete', 'DELETE', 'no DELETE'),
    flag('pubtruncate', 'TRUNCATE', 'no TRUNCATE'),
    flag('pubviaroot', 'VIA ROOT', 'no VIA ROOT'),
    quiet(word('pubname', (value) => value)),
    owner,
  ],
}

/** Columns of pg_roles (pg_authid has the same names) and the word of CREATE ROLE for each; NO in front negates it. */
export const ROLE_FLAGS: Readonly<Record<string, string>> = {
  rolsuper: 'SUPERUSER',
  rolinherit: 'INHERIT',
  rolcreaterole: 'CREATEROLE',
  rolcreatedb: 'CREATEDB',
  rolcanlogin: 'LOGIN',
  rolreplication: 'REPLICATION',
  rolbypassrls: 'BYPASSRLS',
}

const role: readonly Word[] = [
  ...Object.entries(ROLE_FLAGS).map(([key, name]) => flag(key, name, `NO${name}`)),
  { key: 'rolconnlimit', say: (value) => (value === -1 ? '' : `CONNECTION LIMIT ${plain(value)}`), none: '' },
  word('rolvaliduntil', (value) => `VALID UNTIL '${value}'`, 'no VALID UNTIL'),
  { key: 'rolconfig', say: (value) => `SET ${lines(value)}`, none: 'no settings' },
  { key: 'member_of', say: (value) => `IN ROLE ${plain(value)}`, none: 'in no role' },
  // The words never show the password itself; a change shows only that there is one.
  {
    key: 'rolpassword',
    say: (_value, _definition, other) => (other === undefined ? '' : 'PASSWORD'),
    none: 'no PASSWORD',
  },
  quiet(word('rolname', (value) => value)),
]

export const roleWords: Readonly<Record<string, readonly Word[]>> = { role }
