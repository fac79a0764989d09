// Words for the objects of a database and a cluster other than relations, types and routines.
import { acl } from './grants.js'
import { flag, literal, owner, plain, quiet, word, type Word } from './keys.js'

const SECRET = /conninfo|pass|secret|token|key|credential/i

/** `name=value`, without the value where the name says that it is a secret. */
function hidden(item: string): string {
  const name = item.slice(0, item.indexOf('=') + 1)
  return SECRET.test(name) ? `${name}***` : item
}

const lines = (value: unknown): string =>
  Array.isArray(value) ? value.map((item) => hidden(plain(item))).join('; ') : plain(value)

/** Options of foreign servers and their users, without secrets. */
const accessOptions = (key: string): Word => ({ key, say: (value) => `OPTIONS (${lines(value)})`, none: 'no options' })

export const databaseWords: Readonly<Record<string, readonly Word[]>> = {
  schema: [acl, owner],
  extension: [word('version', (value) => `VERSION ${value}`), word('schema', (value) => `SCHEMA ${value}`), owner],
  comment: [{ key: 'text', say: literal, none: 'no comment' }],
  'default privileges': [acl],
  database: [
    { key: 'settings', say: (value) => `SET ${lines(value)}`, none: 'no settings' },
    word('connection_limit', (value) => `CONNECTION LIMIT ${value}`, 'no CONNECTION LIMIT'),
    { key: 'comment', say: (value) => `COMMENT ${literal(value)}`, none: 'no comment' },
    flag('template', 'IS_TEMPLATE', 'no IS_TEMPLATE'),
    flag('closed', 'ALLOW_CONNECTIONS false', 'ALLOW_CONNECTIONS'),
    ...['encoding', 'collation', 'ctype'].map((key) => quiet(word(key, (value) => `${key} ${value}`))),
    word('tablespace', (value) => `TABLESPACE ${value}`, 'default tablespace'),
    acl,
    owner,
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

/** A word for a key whose value is a digest of a secret. */
const secret = (key: string, name: string): Word => ({ key, say: () => name, none: `no ${name}` })

const role: readonly Word[] = [
  ...Object.entries(ROLE_FLAGS).map(([key, name]) => flag(key, name, `NO${name}`)),
  { key: 'rolconnlimit', say: (value) => (value === -1 ? '' : `CONNECTION LIMIT ${plain(value)}`), none: '' },
  word('rolvaliduntil', (value) => `VALID UNTIL '${value}'`, 'no VALID UNTIL'),
  { key: 'rolconfig', say: (value) => `SET ${lines(value)}`, none: 'no settings' },
  { key: 'member_of', say: (value) => `IN ROLE ${plain(value)}`, none: 'in no role' },
  secret('rolpassword', 'PASSWORD'),
]

const setting: readonly Word[] = [{ key: 'value', say: literal, none: 'no value' }, secret('digest', '***')]

/** Kinds that all databases of a server share. */
export const sharedWords: Readonly<Record<string, readonly Word[]>> = {
  role,
  'setting of all roles': setting,
  'server setting': setting,
  parameter: [acl],
  tablespace: [
    word('location', (value) => `LOCATION ${literal(value)}`),
    { key: 'options', say: (value) => `WITH (${lines(value)})`, none: 'no options' },
    acl,
    owner,
  ],
  'replication slot': [
    word('type', (value) => value),
    word('plugin', (value) => value),
    word('database', (value) => `of database ${value}`),
    flag('two_phase', 'two_phase', 'no two_phase'),
    flag('failover', 'failover', 'no failover'),
  ],
  subscription: [
    { key: 'publications', say: (value) => `PUBLICATION ${lines(value)}`, none: 'no publication' },
    secret('connection', 'CONNECTION'),
    word('slot', (value) => `slot_name = ${value}`, 'slot_name = NONE'),
    flag('enabled', 'ENABLE', 'DISABLE'),
    owner,
  ],
  'security label': [{ key: 'label', say: literal, none: 'no label' }],
}
