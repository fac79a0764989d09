// Planted downs around what all databases of a server share: settings, other databases, tablespaces, rights, replication.
import { changed, forgotten, left, lost, NEWEST, type Planted } from './case.js'

const ROLE = 'CREATE ROLE planted_reader;'
const INPLACE = `SET allow_in_place_tablespaces = on; CREATE TABLESPACE planted_fast LOCATION '';`
const SUBSCRIPTION = `CREATE SUBSCRIPTION planted_sub CONNECTION 'host=nowhere.invalid' PUBLICATION pub WITH (connect = false, slot_name = NONE);`

type Forgotten = Omit<Planted, 'down'>

/** A down that forgets what the up did in the server. */
const server = (planted: Forgotten): Planted => ({ ...forgotten(planted), clusterWide: true })

/** The same for a statement that refuses a transaction. */
const alone = (planted: Forgotten): Planted => ({ ...server(planted), transaction: 'none' })

const roles: readonly Planted[] = [
  server({
    name: 'comment on a role left behind',
    before: ROLE,
    up: `COMMENT ON ROLE planted_reader IS 'ours';`,
    expect: [left('comment', 'role planted_reader')],
  }),
  server({
    name: 'comment on a role of the server left behind',
    up: `COMMENT ON ROLE pg_monitor IS 'ours';`,
    expect: [left('comment', 'role pg_monitor')],
  }),
  server({
    name: 'setting of a role left behind',
    before: ROLE,
    up: `ALTER ROLE planted_reader SET work_mem = '8MB';`,
    expect: [changed('role', 'planted_reader')],
  }),
  server({
    name: 'setting of the connecting role left behind',
    up: `DO $$ BEGIN EXECUTE format('ALTER ROLE %I SET work_mem = %L', current_user, '8MB'); END $$;`,
    expect: [changed('role', '{owner}')],
  }),
  server({
    name: 'connection limit of the connecting role left behind',
    up: 'ALTER ROLE CURRENT_USER CONNECTION LIMIT 50;',
    expect: [changed('role', '{owner}')],
  }),
  server({
    name: 'connecting role left in another role',
    before: ROLE,
    up: 'GRANT planted_reader TO CURRENT_USER;',
    expect: [changed('role', '{owner}')],
  }),
  server({
    name: 'password of a role left behind',
    before: ROLE,
    up: `ALTER ROLE planted_reader PASSWORD 'planted';`,
    expect: [changed('role', 'planted_reader')],
  }),
  server({
    name: 'password of a role left changed',
    before: `CREATE ROLE planted_reader PASSWORD 'planted';`,
    up: `ALTER ROLE planted_reader PASSWORD 'other';`,
    expect: [changed('role', 'planted_reader')],
  }),
  server({
    name: 'end of the password of a role left behind',
    before: ROLE,
    up: `ALTER ROLE planted_reader VALID UNTIL '2040-01-01';`,
    expect: [changed('role', 'planted_reader')],
  }),
  {
    name: 'membership of a role comes back without its option',
    clusterWide: true,
    before: `${ROLE} CREATE ROLE planted_team; GRANT planted_team TO planted_reader WITH ADMIN OPTION;`,
    up: 'REVOKE planted_team FROM planted_reader;',
    down: 'GRANT planted_team TO planted_reader;',
    expect: [changed('role', 'planted_reader')],
  },
  {
    name: 'membership of a role comes back inherited',
    clusterWide: true,
    majors: [16, NEWEST],
    before: `${ROLE} CREATE ROLE planted_team; GRANT planted_team TO planted_reader WITH INHERIT FALSE;`,
    up: 'REVOKE planted_team FROM planted_reader;',
    down: 'GRANT planted_team TO planted_reader;',
    expect: [changed('role', 'planted_reader')],
  },
]

const settings: readonly Planted[] = [
  server({
    name: 'setting of all roles left behind',
    up: `ALTER ROLE ALL SET work_mem = '8MB';`,
    expect: [left('setting of all roles', 'work_mem')],
  }),
  {
    name: 'setting of all roles comes back with another value',
    clusterWide: true,
    before: `ALTER ROLE ALL SET search_path = 'a', 'B c';`,
    up: 'ALTER ROLE ALL RESET search_path;',
    down: `ALTER ROLE ALL SET search_path = 'a';`,
    expect: [changed('setting of all roles', 'search_path')],
  },
  alone({
    name: 'setting of the server left behind',
    up: `ALTER SYSTEM SET work_mem = '8MB';`,
    expect: [left('server setting', 'work_mem')],
  }),
  server({
    name: 'setting of a role in another database left behind',
    before: ROLE,
    up: `ALTER ROLE planted_reader IN DATABASE postgres SET work_mem = '8MB';`,
    expect: [changed('database', 'postgres')],
  }),
  server({
    name: 'grant on a parameter left behind',
    majors: [15, NEWEST],
    before: ROLE,
    up: 'GRANT SET ON PARAMETER log_min_messages TO planted_reader;',
    expect: [left('parameter', 'log_min_messages')],
  }),
  {
    name: 'grant on a parameter comes back smaller',
    clusterWide: true,
    majors: [15, NEWEST],
    before: `${ROLE} GRANT SET, ALTER SYSTEM ON PARAMETER log_min_messages TO planted_reader;`,
    up: 'REVOKE ALL ON PARAMETER log_min_messages FROM planted_reader;',
    down: 'GRANT SET ON PARAMETER log_min_messages TO planted_reader;',
    expect: [changed('parameter', 'log_min_messages')],
  },
]

const databases: readonly Planted[] = [
  alone({
    name: 'other database left behind',
    up: 'CREATE DATABASE planted_db;',
    expect: [left('database', 'planted_db')],
  }),
  {
    name: 'other database comes back with another name',
    clusterWide: true,
    transaction: 'none',
    before: 'CREATE DATABASE planted_db;',
    up: 'ALTER DATABASE planted_db RENAME TO planted_old;',
    down: 'ALTER DATABASE planted_old RENAME TO planted_new;',
    expect: [lost('database', 'planted_db'), left('database', 'planted_new')],
  },
  server({
    name: 'setting of another database left behind',
    up: `ALTER DATABASE postgres SET work_mem = '8MB';`,
    expect: [changed('database', 'postgres')],
  }),
  server({
    name: 'comment on another database left changed',
    up: `COMMENT ON DATABASE postgres IS 'ours';`,
    expect: [changed('database', 'postgres')],
  }),
  server({
    name: 'grant on another database left behind',
    before: ROLE,
    up: 'GRANT CREATE ON DATABASE postgres TO planted_reader;',
    expect: [changed('database', 'postgres')],
  }),
  server({
    name: 'owner and connection limit of another database left changed',
    before: ROLE,
    up: 'ALTER DATABASE postgres OWNER TO planted_reader; ALTER DATABASE postgres CONNECTION LIMIT 50;',
    expect: [changed('database', 'postgres')],
  }),
  server({
    name: 'owner of the database left changed',
    before: ROLE,
    up: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO planted_reader', current_database()); END $$;`,
    expect: [changed('database', 'database')],
  }),
]

const tablespaces: readonly Planted[] = [
  alone({ name: 'tablespace left behind', up: INPLACE, expect: [left('tablespace', 'planted_fast')] }),
  server({
    name: 'comment on a tablespace left behind',
    up: `COMMENT ON TABLESPACE pg_default IS 'ours';`,
    expect: [left('comment', 'tablespace pg_default')],
  }),
  server({
    name: 'grant on a tablespace left behind',
    before: ROLE,
    up: 'GRANT CREATE ON TABLESPACE pg_default TO planted_reader;',
    expect: [changed('tablespace', 'pg_default')],
  }),
  server({
    name: 'option of a tablespace left behind',
    up: 'ALTER TABLESPACE pg_default SET (seq_page_cost = 2);',
    expect: [changed('tablespace', 'pg_default')],
  }),
]

const replication: readonly Planted[] = [
  server({
    name: 'replication origin left behind',
    up: `SELECT pg_replication_origin_create('planted_origin');`,
    expect: [left('replication origin', 'planted_origin')],
  }),
  server({
    name: 'physical replication slot left behind',
    up: `SELECT pg_create_physical_replication_slot('planted_slot');`,
    expect: [left('replication slot', 'planted_slot')],
  }),
  server({
    name: 'logical replication slot left behind',
    up: `SELECT pg_create_logical_replication_slot('planted_slot', 'pgoutput');`,
    expect: [left('replication slot', 'planted_slot')],
  }),
  server({
    name: 'subscription left behind',
    up: `CREATE SUBSCRIPTION planted_sub CONNECTION 'host=nowhere.invalid' PUBLICATION pub WITH (connect = false);`,
    expect: [left('subscription', 'planted_sub')],
  }),
  server({
    name: 'connection of a subscription left changed',
    before: SUBSCRIPTION,
    up: `ALTER SUBSCRIPTION planted_sub CONNECTION 'host=elsewhere.invalid';`,
    expect: [changed('subscription', 'planted_sub')],
  }),
  server({
    name: 'comment on a subscription left behind',
    before: SUBSCRIPTION,
    up: `COMMENT ON SUBSCRIPTION planted_sub IS 'ours';`,
    expect: [left('comment', 'subscription planted_sub')],
  }),
]

const pair = (name: string, scripts: Omit<Planted, 'name' | 'expect'>): Planted => ({
  name,
  expect: 'same',
  clusterWide: true,
  ...scripts,
})

const correct: readonly Planted[] = [
  pair('password of a role set and set back', {
    before: `CREATE ROLE planted_reader PASSWORD 'planted';`,
    up: `ALTER ROLE planted_reader PASSWORD 'other';`,
    down: `ALTER ROLE planted_reader PASSWORD 'planted';`,
  }),
  pair('role with a password renamed and back', {
    before: `CREATE ROLE planted_reader PASSWORD 'planted';`,
    up: 'ALTER ROLE planted_reader RENAME TO planted_writer;',
    down: 'ALTER ROLE planted_writer RENAME TO planted_reader;',
  }),
  pair('end of a password set, and set to never', {
    before: ROLE,
    up: `ALTER ROLE planted_reader VALID UNTIL '2040-01-01';`,
    down: `ALTER ROLE planted_reader VALID UNTIL 'infinity';`,
  }),
  pair('settings of a role come back in another order', {
    before: `${ROLE} ALTER ROLE planted_reader SET work_mem = '8MB'; ALTER ROLE planted_reader SET search_path = 'a';`,
    up: 'ALTER ROLE planted_reader RESET work_mem;',
    down: `ALTER ROLE planted_reader SET work_mem = '8MB';`,
  }),
  pair('rights on a database and a tablespace given and taken', {
    before: ROLE,
    up: 'GRANT CREATE ON DATABASE postgres TO planted_reader; GRANT CREATE ON TABLESPACE pg_default TO planted_reader;',
    down: 'REVOKE CREATE ON DATABASE postgres FROM planted_reader; REVOKE CREATE ON TABLESPACE pg_default FROM planted_reader;',
  }),
  pair('other database made and dropped', {
    transaction: 'none',
    up: `CREATE DATABASE planted_db; ALTER DATABASE planted_db SET work_mem = '8MB';`,
    down: 'DROP DATABASE planted_db;',
  }),
  pair('setting of the server set and reset', {
    transaction: 'none',
    up: `ALTER SYSTEM SET work_mem = '8MB'; SELECT pg_reload_conf();`,
    down: 'ALTER SYSTEM RESET work_mem; SELECT pg_reload_conf();',
  }),
  pair('tablespace made and dropped', { transaction: 'none', up: INPLACE, down: 'DROP TABLESPACE planted_fast;' }),
  pair('slot and origin made and dropped', {
    up: `SELECT pg_create_logical_replication_slot('planted_slot', 'pgoutput'); SELECT pg_replication_origin_create('planted_origin');`,
    down: `SELECT pg_drop_replication_slot('planted_slot'); SELECT pg_replication_origin_drop('planted_origin');`,
  }),
  pair('slot of a session is gone with it', {
    up: `SELECT pg_create_physical_replication_slot('planted_slot', false, true); CREATE TABLE public.note (id integer);`,
    down: 'DROP TABLE public.note;',
  }),
  pair('subscription made and dropped', { up: SUBSCRIPTION, down: 'DROP SUBSCRIPTION planted_sub;' }),
  pair('large object made and dropped', { up: 'SELECT lo_create(4711);', down: 'SELECT lo_unlink(4711);' }),
]

export const shared: readonly Planted[] = [
  ...roles,
  ...settings,
  ...databases,
  ...tablespaces,
  ...replication,
  ...correct,
]
