// Correct pairs that a naive comparison takes for broken ones: the proof must call them the same.
import { NEWEST, type Planted } from './case.js'

const T = `CREATE TABLE public.t (id integer CONSTRAINT t_pkey PRIMARY KEY, a text, b integer DEFAULT 1 NOT NULL);`
const SAME = 'same' as const

const pair = (name: string, scripts: Omit<Planted, 'name' | 'expect'>): Planted => ({ name, expect: SAME, ...scripts })

const shapes: readonly Planted[] = [
  pair('column added and dropped leaves a gap in the numbers only', {
    before: T,
    up: 'ALTER TABLE public.t ADD COLUMN c integer, ADD COLUMN d text; ALTER TABLE public.t DROP COLUMN c;',
    down: 'ALTER TABLE public.t DROP COLUMN d;',
  }),
  pair('last column dropped and added again', {
    before: T,
    up: 'ALTER TABLE public.t DROP COLUMN b;',
    down: 'ALTER TABLE public.t ADD COLUMN b integer DEFAULT 1 NOT NULL;',
  }),
  pair('last column with options and statistics comes back', {
    before: `${T} ALTER TABLE public.t ALTER b SET (n_distinct = 5), ALTER b SET STATISTICS 50;`,
    up: 'ALTER TABLE public.t DROP COLUMN b;',
    down: 'ALTER TABLE public.t ADD COLUMN b integer DEFAULT 1 NOT NULL; ALTER TABLE public.t ALTER b SET (n_distinct = 5), ALTER b SET STATISTICS 50;',
  }),
  pair('column renamed and back, with a view, an index and a check on it', {
    before: `${T} CREATE VIEW public.v AS SELECT a FROM public.t; CREATE INDEX t_a ON public.t (lower(a)); ALTER TABLE public.t ADD CONSTRAINT a_ok CHECK (a <> '');`,
    up: 'ALTER TABLE public.t RENAME COLUMN a TO label;',
    down: 'ALTER TABLE public.t RENAME COLUMN label TO a;',
  }),
  pair('table renamed and back, with a foreign key to it', {
    before: `${T} CREATE TABLE public.c (t_id integer REFERENCES public.t);`,
    up: 'ALTER TABLE public.t RENAME TO things;',
    down: 'ALTER TABLE public.things RENAME TO t;',
  }),
  pair('column type changed and back', {
    before: `${T} CREATE INDEX t_b ON public.t (b);`,
    up: 'ALTER TABLE public.t ALTER COLUMN b TYPE bigint, ALTER COLUMN a TYPE varchar(40);',
    down: 'ALTER TABLE public.t ALTER COLUMN b TYPE integer, ALTER COLUMN a TYPE text;',
  }),
  pair('table re-created with generated names', {
    before: `CREATE TABLE public.p (id serial PRIMARY KEY); CREATE TABLE public.c (id integer UNIQUE, p_id integer REFERENCES public.p, n integer CHECK (n > 0)); CREATE INDEX ON public.c (n);`,
    up: 'DROP TABLE public.c;',
    down: 'CREATE TABLE public.c (id integer UNIQUE, p_id integer REFERENCES public.p, n integer CHECK (n > 0)); CREATE INDEX ON public.c (n);',
  }),
  pair('primary key dropped and added again', {
    before: T,
    up: 'ALTER TABLE public.t DROP CONSTRAINT t_pkey;',
    down: 'ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);',
    majors: [14, 17],
  }),
  pair('foreign key made NOT VALID and validated', {
    before: `${T} CREATE TABLE public.c (t_id integer CONSTRAINT t_fk REFERENCES public.t);`,
    up: 'ALTER TABLE public.c DROP CONSTRAINT t_fk;',
    down: 'ALTER TABLE public.c ADD CONSTRAINT t_fk FOREIGN KEY (t_id) REFERENCES public.t NOT VALID; ALTER TABLE public.c VALIDATE CONSTRAINT t_fk;',
  }),
  pair('storage, statistics and table options set and reset', {
    before: T,
    up: 'ALTER TABLE public.t SET (fillfactor = 70), ALTER a SET STORAGE EXTERNAL, ALTER a SET STATISTICS 10, ALTER b SET (n_distinct = 3);',
    down: 'ALTER TABLE public.t RESET (fillfactor), ALTER a SET STORAGE EXTENDED, ALTER a SET STATISTICS -1, ALTER b RESET (n_distinct);',
  }),
  pair('table options come back in another order', {
    before: 'CREATE TABLE public.t (id integer) WITH (fillfactor = 70, parallel_workers = 2);',
    up: 'ALTER TABLE public.t RESET (fillfactor);',
    down: 'ALTER TABLE public.t SET (fillfactor = 70);',
  }),
  pair('row security switched on and off', {
    before: T,
    up: 'ALTER TABLE public.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY own ON public.t USING (true);',
    down: 'DROP POLICY own ON public.t; ALTER TABLE public.t NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;',
  }),
  pair('partition detached and attached again', {
    before: `CREATE TABLE public.m (id integer, at date) PARTITION BY RANGE (at); CREATE INDEX ON public.m (id);
CREATE TABLE public.m_old PARTITION OF public.m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`,
    up: 'ALTER TABLE public.m DETACH PARTITION public.m_old;',
    down: `ALTER TABLE public.m ATTACH PARTITION public.m_old FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`,
  }),
  pair('replica identity and cluster mark set and reset', {
    before: T,
    up: 'ALTER TABLE public.t REPLICA IDENTITY FULL; ALTER TABLE public.t CLUSTER ON t_pkey;',
    down: 'ALTER TABLE public.t REPLICA IDENTITY DEFAULT; ALTER TABLE public.t SET WITHOUT CLUSTER;',
  }),
  pair('table made unlogged and logged again', {
    before: T,
    up: 'ALTER TABLE public.t SET UNLOGGED;',
    down: 'ALTER TABLE public.t SET LOGGED;',
  }),
  pair('serial column with its sequence comes back', {
    before: 'CREATE TABLE public.t (a text, id serial);',
    up: 'ALTER TABLE public.t DROP COLUMN id;',
    down: 'ALTER TABLE public.t ADD COLUMN id serial;',
  }),
  pair('identity dropped and added again', {
    before: 'CREATE TABLE public.t (id integer GENERATED BY DEFAULT AS IDENTITY);',
    up: 'ALTER TABLE public.t ALTER COLUMN id DROP IDENTITY;',
    down: 'ALTER TABLE public.t ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;',
  }),
  pair('sequence moved on by rows', {
    before: 'CREATE TABLE public.t (id serial, a text);',
    up: `INSERT INTO public.t (a) VALUES ('x'), ('y');`,
    down: `DELETE FROM public.t WHERE a IN ('x', 'y');`,
  }),
  pair('rows only, with statistics and a first TOAST value', {
    before: T,
    up: `INSERT INTO public.t SELECT n, repeat(md5(n::text), 200) FROM generate_series(1, 20) AS n; ANALYZE public.t;`,
    down: 'DELETE FROM public.t;',
  }),
  pair('index built and dropped without a transaction', {
    transaction: 'none',
    before: T,
    up: 'CREATE INDEX CONCURRENTLY t_a ON public.t (a);',
    down: 'DROP INDEX CONCURRENTLY public.t_a;',
  }),
]

const others: readonly Planted[] = [
  pair('grant and revoke: no list means the same as the default list', {
    before: T,
    up: 'GRANT SELECT ON public.t TO PUBLIC; GRANT SELECT (a) ON public.t TO PUBLIC;',
    down: 'REVOKE SELECT ON public.t FROM PUBLIC; REVOKE SELECT (a) ON public.t FROM PUBLIC;',
  }),
  pair('rights of a function taken and given back', {
    before: `CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';`,
    up: 'REVOKE EXECUTE ON FUNCTION public.f() FROM PUBLIC;',
    down: 'GRANT EXECUTE ON FUNCTION public.f() TO PUBLIC;',
  }),
  pair('default privileges granted and revoked', {
    up: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;',
    down: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM PUBLIC;',
  }),
  pair('revoked and granted again in another order', {
    clusterWide: true,
    before: `CREATE ROLE planted_a; CREATE ROLE planted_b; ${T} GRANT SELECT ON public.t TO planted_a; GRANT SELECT ON public.t TO planted_b;`,
    up: 'REVOKE SELECT ON public.t FROM planted_a;',
    down: 'GRANT SELECT ON public.t TO planted_a;',
  }),
  pair('role created and dropped', {
    clusterWide: true,
    up: `CREATE ROLE planted_a LOGIN PASSWORD 'planted'; GRANT CREATE ON SCHEMA public TO planted_a;`,
    down: 'REVOKE CREATE ON SCHEMA public FROM planted_a; DROP ROLE planted_a;',
  }),
  pair('enum re-created', {
    before: `CREATE TYPE public.mood AS ENUM ('sad', 'glad'); ALTER TYPE public.mood ADD VALUE 'so so' BEFORE 'glad';`,
    up: 'DROP TYPE public.mood;',
    down: `CREATE TYPE public.mood AS ENUM ('sad', 'so so', 'glad');`,
  }),
  pair('enum label taken away by re-creating the type', {
    before: `CREATE TYPE public.mood AS ENUM ('sad', 'glad'); CREATE TABLE public.t (m public.mood DEFAULT 'sad');`,
    up: `ALTER TYPE public.mood RENAME VALUE 'sad' TO 'blue';`,
    down: `ALTER TYPE public.mood RENAME TO mood_old; CREATE TYPE public.mood AS ENUM ('sad', 'glad');
ALTER TABLE public.t ALTER m DROP DEFAULT;
ALTER TABLE public.t ALTER m TYPE public.mood USING replace(m::text, 'blue', 'sad')::public.mood;
ALTER TABLE public.t ALTER m SET DEFAULT 'sad'; DROP TYPE public.mood_old;`,
  }),
  pair('view re-created over a re-created table', {
    before: `${T} CREATE VIEW public.v AS SELECT id, a FROM public.t;`,
    up: 'DROP VIEW public.v; ALTER TABLE public.t ALTER a TYPE varchar(10); CREATE VIEW public.v AS SELECT id, a FROM public.t;',
    down: 'DROP VIEW public.v; ALTER TABLE public.t ALTER a TYPE text; CREATE VIEW public.v AS SELECT id, a FROM public.t;',
  }),
  pair('function replaced and put back', {
    before: `CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';`,
    up: `CREATE OR REPLACE FUNCTION public.f() RETURNS integer LANGUAGE sql AS 'SELECT 2';`,
    down: `CREATE OR REPLACE FUNCTION public.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';`,
  }),
  pair('extension with a table that uses it', {
    extension: 'citext',
    up: 'CREATE EXTENSION citext; CREATE TABLE public.t (a citext);',
    down: 'DROP TABLE public.t; DROP EXTENSION citext;',
  }),
  pair('schema with contents created and dropped', {
    up: 'CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY); CREATE VIEW s.v AS SELECT id FROM s.t;',
    down: 'DROP SCHEMA s CASCADE;',
  }),
  pair('comments set and removed', {
    before: T,
    up: `COMMENT ON TABLE public.t IS 'x'; COMMENT ON COLUMN public.t.a IS 'y'; COMMENT ON CONSTRAINT t_pkey ON public.t IS 'z';`,
    down: `COMMENT ON TABLE public.t IS NULL; COMMENT ON COLUMN public.t.a IS ''; COMMENT ON CONSTRAINT t_pkey ON public.t IS NULL;`,
  }),
  pair('setting of the database set and reset', {
    up: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = %L', current_database(), '8MB'); END $$;`,
    down: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET work_mem', current_database()); END $$;`,
  }),
  pair('publication created and dropped', {
    before: T,
    up: 'CREATE PUBLICATION pub FOR TABLE public.t;',
    down: 'DROP PUBLICATION pub;',
  }),
  pair('default that prints in the time zone of the session', {
    before: `CREATE TABLE public.t (id integer, at timestamptz DEFAULT '2020-01-01 00:00+02');`,
    up: `SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'; ALTER TABLE public.t DROP COLUMN at;`,
    down: `ALTER TABLE public.t ADD COLUMN at timestamptz DEFAULT '2020-01-01 00:00+02';`,
  }),
  pair('search path of the session changed', {
    before: `CREATE SCHEMA s; ${T} CREATE VIEW public.v AS SELECT a FROM public.t;`,
    up: 'SET search_path = s, public; CREATE TABLE s.u (id integer);',
    down: 'SET search_path = s; DROP TABLE u;',
  }),
  pair('temporary objects are gone with the session', {
    before: T,
    up: 'CREATE TEMPORARY TABLE scratch AS SELECT 1 AS n; ALTER TABLE public.t ADD COLUMN c integer;',
    down: 'ALTER TABLE public.t DROP COLUMN c;',
  }),
  pair('view with NULLS NOT DISTINCT index under it', {
    majors: [15, NEWEST],
    before: T,
    up: 'CREATE UNIQUE INDEX t_a ON public.t (a) NULLS NOT DISTINCT;',
    down: 'DROP INDEX public.t_a;',
  }),
]

const order: readonly Planted[] = [
  {
    name: 'column in the middle dropped and added at the end',
    before: T,
    up: 'ALTER TABLE public.t DROP COLUMN a;',
    down: 'ALTER TABLE public.t ADD COLUMN a text;',
    expect: 'column-order',
  },
  {
    name: 'two columns come back in another order',
    before: T,
    up: 'ALTER TABLE public.t DROP COLUMN a, DROP COLUMN b;',
    down: 'ALTER TABLE public.t ADD COLUMN b integer DEFAULT 1 NOT NULL, ADD COLUMN a text;',
    expect: 'column-order',
  },
  {
    name: 'table re-created with its columns in another order',
    before: 'CREATE TABLE public.t (id integer, a text, b integer); CREATE INDEX t_a ON public.t (a);',
    up: 'DROP TABLE public.t;',
    down: 'CREATE TABLE public.t (b integer, a text, id integer); CREATE INDEX t_a ON public.t (a);',
    expect: 'column-order',
  },
  {
    name: 'two tables at once',
    before: 'CREATE TABLE public.t (id integer, a text); CREATE TABLE public.u (id integer, a text);',
    up: 'ALTER TABLE public.t DROP COLUMN id; ALTER TABLE public.u DROP COLUMN id;',
    down: 'ALTER TABLE public.t ADD COLUMN id integer; ALTER TABLE public.u ADD COLUMN id integer;',
    expect: 'column-order',
  },
]

export const correct: readonly Planted[] = [...shapes, ...others, ...order]
