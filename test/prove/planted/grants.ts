// Planted downs around grants, default privileges, comments, owners and roles.
import { changed, forgotten, left, lost, type Planted } from './case.js'

const T = 'CREATE TABLE public.t (id integer CONSTRAINT pos CHECK (id > 0), a text);'
const F = `CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';`

const privileges: readonly Planted[] = [
  forgotten({
    name: 'grant on a table left behind',
    before: T,
    up: 'GRANT SELECT ON public.t TO PUBLIC;',
    expect: [changed('table', 'public.t')],
  }),
  {
    name: 'grant on a table lost with the table',
    before: `${T} GRANT SELECT, INSERT ON public.t TO PUBLIC;`,
    up: 'REVOKE SELECT, INSERT ON public.t FROM PUBLIC;',
    down: 'GRANT SELECT ON public.t TO PUBLIC;',
    expect: [changed('table', 'public.t')],
  },
  forgotten({
    name: 'grant by a DO block left behind',
    before: T,
    up: `DO $$ BEGIN EXECUTE 'GR' || 'ANT SELECT ON public.t TO PUBLIC'; END $$;`,
    expect: [changed('table', 'public.t')],
  }),
  {
    name: 'grant by a function called from CREATE TABLE AS left behind',
    before: `${T} CREATE FUNCTION public.open_up() RETURNS integer LANGUAGE plpgsql AS
'BEGIN GRANT SELECT ON public.t TO PUBLIC; RETURN 1; END';`,
    up: 'CREATE TABLE public.copy AS SELECT public.open_up() AS n;',
    down: 'DROP TABLE public.copy;',
    expect: [changed('table', 'public.t')],
  },
  forgotten({
    name: 'grant on a schema left behind',
    before: 'CREATE SCHEMA s;',
    up: 'GRANT USAGE ON SCHEMA s TO PUBLIC;',
    expect: [changed('schema', 's')],
  }),
  forgotten({
    name: 'rights on the schema public left changed',
    up: 'REVOKE ALL ON SCHEMA public FROM PUBLIC;',
    expect: [changed('schema', 'public')],
  }),
  forgotten({
    name: 'grant on a function left revoked',
    before: F,
    up: 'REVOKE EXECUTE ON FUNCTION public.f(integer) FROM PUBLIC;',
    expect: [changed('function', 'public.f(integer)')],
  }),
  forgotten({
    name: 'grant on a type left revoked',
    before: `CREATE TYPE public.mood AS ENUM ('sad');`,
    up: 'REVOKE USAGE ON TYPE public.mood FROM PUBLIC;',
    expect: [changed('enum', 'public.mood')],
  }),
  forgotten({
    name: 'grant on a sequence left behind',
    before: 'CREATE SEQUENCE public.q;',
    up: 'GRANT USAGE ON SEQUENCE public.q TO PUBLIC;',
    expect: [changed('sequence', 'public.q')],
  }),
  forgotten({
    name: 'grants on all tables of a schema left behind',
    before: `${T} CREATE TABLE public.u (id integer);`,
    up: 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC;',
    expect: [changed('table', 'public.t'), changed('table', 'public.u')],
  }),
  forgotten({
    name: 'built-in function left without its grant',
    up: 'REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;',
    expect: [changed('rights on built-in objects', 'rights on built-in objects')],
  }),
  {
    name: 'default privileges left behind',
    up: `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO PUBLIC;`,
    down: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM PUBLIC;',
    expect: [left('default privileges', '{owner} public S')],
  },
]

const comment = (target: string, identity: string, before = T): Planted =>
  forgotten({
    name: `comment on ${target.toLowerCase().split(' ')[0] ?? ''} left behind`,
    before,
    up: `COMMENT ON ${target} IS 'planted';`,
    expect: [left('comment', identity)],
  })

const comments: readonly Planted[] = [
  comment('TABLE public.t', 'table public.t'),
  comment('COLUMN public.t.a', 'table column public.t.a'),
  comment('CONSTRAINT pos ON public.t', 'table constraint pos on public.t'),
  comment('FUNCTION public.f(integer)', 'function public.f(integer)', F),
  comment('PROCEDURE public.p()', 'procedure public.p()', `CREATE PROCEDURE public.p() LANGUAGE sql AS 'SELECT 1';`),
  comment(
    'AGGREGATE public.total(integer)',
    'aggregate public.total(integer)',
    'CREATE AGGREGATE public.total(integer) (SFUNC = int4pl, STYPE = integer);',
  ),
  comment('SCHEMA s', 'schema s', 'CREATE SCHEMA s;'),
  comment('TYPE public.mood', 'type public.mood', `CREATE TYPE public.mood AS ENUM ('sad');`),
  comment('DOMAIN public.d', 'type public.d', 'CREATE DOMAIN public.d AS integer;'),
  comment('INDEX public.t_a', 'index public.t_a', `${T} CREATE INDEX t_a ON public.t (a);`),
  comment('VIEW public.v', 'view public.v', `${T} CREATE VIEW public.v AS SELECT id FROM public.t;`),
  comment('SEQUENCE public.q', 'sequence public.q', 'CREATE SEQUENCE public.q;'),
  comment('POLICY own ON public.t', 'policy own on public.t', `${T} CREATE POLICY own ON public.t USING (true);`),
  comment(
    'TRIGGER g ON public.t',
    'trigger g on public.t',
    `${T} CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.touch();`,
  ),
  comment('STATISTICS public.s', 'statistics public.s', `${T} CREATE STATISTICS public.s ON id, a FROM public.t;`),
  comment('PUBLICATION pub', 'publication pub', 'CREATE PUBLICATION pub;'),
  {
    name: 'comment replaced, then removed instead of restored',
    before: `${T} COMMENT ON TABLE public.t IS 'first'; COMMENT ON COLUMN public.t.a IS 'letter';`,
    up: `COMMENT ON TABLE public.t IS 'second'; COMMENT ON COLUMN public.t.a IS 'word';`,
    down: `COMMENT ON TABLE public.t IS NULL; COMMENT ON COLUMN public.t.a IS 'sign';`,
    expect: [lost('comment', 'table public.t'), changed('comment', 'table column public.t.a')],
  },
]

const roles: readonly Planted[] = [
  {
    ...forgotten({
      name: 'role left behind',
      up: 'CREATE ROLE planted_reader;',
      expect: [left('role', 'planted_reader')],
    }),
    clusterWide: true,
  },
  {
    ...forgotten({
      name: 'attribute of a role left changed',
      before: 'CREATE ROLE planted_reader;',
      up: 'ALTER ROLE planted_reader CREATEDB;',
      expect: [changed('role', 'planted_reader')],
    }),
    clusterWide: true,
  },
  {
    ...forgotten({
      name: 'membership of a role left behind',
      before: 'CREATE ROLE planted_reader; CREATE ROLE planted_team;',
      up: 'GRANT planted_team TO planted_reader;',
      expect: [changed('role', 'planted_reader')],
    }),
    clusterWide: true,
  },
  {
    ...forgotten({
      name: 'setting of a role in the database left behind',
      before: 'CREATE ROLE planted_reader;',
      up: `DO $$ BEGIN EXECUTE format('ALTER ROLE planted_reader IN DATABASE %I SET work_mem = %L', current_database(), '8MB'); END $$;`,
      expect: [changed('database', 'database')],
    }),
    clusterWide: true,
  },
  {
    ...forgotten({
      name: 'owner of a table left changed',
      before: `CREATE ROLE planted_reader; ${T}`,
      up: 'ALTER TABLE public.t OWNER TO planted_reader;',
      expect: [changed('table', 'public.t')],
    }),
    clusterWide: true,
  },
  {
    name: 'own grant of a role disappears when it was owner for a while',
    clusterWide: true,
    before: `CREATE ROLE planted_reader; ${T} GRANT SELECT ON public.t TO planted_reader;`,
    up: 'ALTER TABLE public.t OWNER TO planted_reader;',
    down: 'ALTER TABLE public.t OWNER TO CURRENT_USER;',
    expect: [changed('table', 'public.t')],
  },
  {
    ...forgotten({
      name: 'owner of a function and a schema left changed',
      before: `CREATE ROLE planted_reader; CREATE SCHEMA s; ${F}`,
      up: 'ALTER SCHEMA s OWNER TO planted_reader; ALTER FUNCTION public.f(integer) OWNER TO planted_reader;',
      expect: [changed('schema', 's'), changed('function', 'public.f(integer)')],
    }),
    clusterWide: true,
  },
  {
    ...forgotten({
      name: 'everything of a role left reassigned',
      before: `CREATE ROLE planted_reader; CREATE ROLE planted_team; CREATE SEQUENCE public.q; ALTER SEQUENCE public.q OWNER TO planted_reader;
CREATE TYPE public.mood AS ENUM ('sad'); ALTER TYPE public.mood OWNER TO planted_reader;`,
      up: 'REASSIGN OWNED BY planted_reader TO planted_team;',
      expect: [changed('sequence', 'public.q'), changed('enum', 'public.mood')],
    }),
    clusterWide: true,
  },
]

export const grants: readonly Planted[] = [...privileges, ...comments, ...roles]
