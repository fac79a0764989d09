// Planted downs that leave a table, its settings or its place in a hierarchy other than before.
import { changed, forgotten, left, lost, type Planted } from './case.js'

const T = 'CREATE TABLE public.t (id integer NOT NULL, a text);'
const PARTED = `CREATE TABLE public.m (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE public.m_old PARTITION OF public.m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE public.m_new (id integer, at date);`

export const tables: readonly Planted[] = [
  {
    name: 'table left behind',
    up: 'CREATE TABLE public.a (id integer NOT NULL, n text); CREATE TABLE public.b (id integer);',
    down: 'DROP TABLE public.b;',
    expect: [left('table', 'public.a')],
  },
  {
    name: 'table lost',
    before: `${T} CREATE TABLE public.u (id integer);`,
    up: 'DROP TABLE public.t; DROP TABLE public.u;',
    down: 'CREATE TABLE public.t (id integer NOT NULL, a text);',
    expect: [lost('table', 'public.u')],
  },
  {
    name: 'table back in another schema',
    before: `CREATE SCHEMA s; ${T}`,
    up: 'ALTER TABLE public.t SET SCHEMA s; ALTER TABLE s.t ADD COLUMN b integer;',
    down: 'ALTER TABLE s.t DROP COLUMN b;',
    expect: [changed('table', 's.t')],
  },
  {
    name: 'dependents dropped by CASCADE do not come back',
    before: `${T} CREATE VIEW public.v AS SELECT id FROM public.t;`,
    up: 'DROP TABLE public.t CASCADE;',
    down: 'CREATE TABLE public.t (id integer NOT NULL, a text);',
    expect: [lost('view', 'public.v')],
  },
  forgotten({
    name: 'row security left on',
    before: T,
    up: 'ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;',
    expect: [changed('table', 'public.t')],
  }),
  {
    name: 'forced row security left on',
    before: T,
    up: 'ALTER TABLE public.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;',
    down: 'ALTER TABLE public.t DISABLE ROW LEVEL SECURITY;',
    expect: [changed('table', 'public.t')],
  },
  forgotten({
    name: 'replica identity left changed',
    before: T,
    up: 'ALTER TABLE public.t REPLICA IDENTITY FULL;',
    expect: [changed('table', 'public.t')],
  }),
  {
    name: 'index of the replica identity not restored',
    before: `${T} CREATE UNIQUE INDEX t_id ON public.t (id); ALTER TABLE public.t REPLICA IDENTITY USING INDEX t_id;`,
    up: 'ALTER TABLE public.t REPLICA IDENTITY FULL;',
    down: 'ALTER TABLE public.t REPLICA IDENTITY DEFAULT;',
    expect: [changed('table', 'public.t'), changed('index', 'public.t_id')],
  },
  forgotten({
    name: 'cluster mark left behind',
    before: `${T} CREATE INDEX t_id ON public.t (id);`,
    up: 'ALTER TABLE public.t CLUSTER ON t_id;',
    expect: [changed('index', 'public.t_id')],
  }),
  {
    name: 'storage parameter lost',
    before: 'CREATE TABLE public.t (id integer) WITH (fillfactor = 70, autovacuum_enabled = false);',
    up: 'ALTER TABLE public.t RESET (fillfactor, autovacuum_enabled);',
    down: 'ALTER TABLE public.t SET (fillfactor = 70);',
    expect: [changed('table', 'public.t')],
  },
  forgotten({
    name: 'parameter of the TOAST table left behind',
    before: T,
    up: 'ALTER TABLE public.t SET (toast.autovacuum_enabled = false);',
    expect: [changed('table', 'public.t')],
  }),
  {
    name: 'table left unlogged',
    before: `${T} CREATE TABLE public.u (id integer);`,
    up: 'ALTER TABLE public.t SET UNLOGGED; ALTER TABLE public.u SET UNLOGGED;',
    down: 'ALTER TABLE public.u SET LOGGED;',
    expect: [changed('table', 'public.t')],
  },
  {
    name: 'partition left attached',
    before: PARTED,
    up: `ALTER TABLE public.m ATTACH PARTITION public.m_new FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE INDEX m_id ON public.m (id);`,
    down: 'DROP INDEX public.m_id;',
    expect: [
      changed('table', 'public.m_new'),
      changed('column', 'public.m_new.id'),
      changed('column', 'public.m_new.at'),
    ],
  },
  {
    name: 'partition detached and not attached again',
    before: PARTED,
    up: 'ALTER TABLE public.m DETACH PARTITION public.m_old; ALTER TABLE public.m_old ADD COLUMN x integer;',
    down: 'ALTER TABLE public.m_old DROP COLUMN x;',
    expect: [
      changed('table', 'public.m_old'),
      changed('column', 'public.m_old.id'),
      changed('column', 'public.m_old.at'),
    ],
  },
  {
    name: 'partition comes back with other bounds',
    before: PARTED,
    up: 'DROP TABLE public.m_old;',
    down: `CREATE TABLE public.m_old PARTITION OF public.m FOR VALUES FROM ('2020-01-01') TO ('2020-07-01');`,
    expect: [changed('table', 'public.m_old')],
  },
  {
    name: 'partition key other than before',
    before: PARTED,
    up: 'DROP TABLE public.m;',
    down: `CREATE TABLE public.m (id integer, at date) PARTITION BY LIST (at);
CREATE TABLE public.m_old (id integer, at date);`,
    expect: [
      changed('table', 'public.m'),
      changed('table', 'public.m_old'),
      changed('column', 'public.m_old.id'),
      changed('column', 'public.m_old.at'),
    ],
  },
  {
    name: 'inheritance left behind',
    before: 'CREATE TABLE public.p (id integer); CREATE TABLE public.c (id integer, b integer);',
    up: 'ALTER TABLE public.c INHERIT public.p; ALTER TABLE public.c ADD COLUMN x integer;',
    down: 'ALTER TABLE public.c DROP COLUMN x;',
    expect: [changed('table', 'public.c'), changed('column', 'public.c.id')],
  },
  {
    name: 'typed table no longer of its type',
    before: 'CREATE TYPE public.k AS (id integer, a text); CREATE TABLE public.t OF public.k;',
    up: 'DROP TABLE public.t;',
    down: 'CREATE TABLE public.t (id integer, a text);',
    expect: [changed('table', 'public.t')],
  },
  {
    name: 'sequence parameters not restored',
    before: 'CREATE SEQUENCE public.q INCREMENT 5 CACHE 10 MAXVALUE 1000;',
    up: 'ALTER SEQUENCE public.q INCREMENT 1 CACHE 1;',
    down: 'ALTER SEQUENCE public.q INCREMENT 5;',
    expect: [changed('sequence', 'public.q')],
  },
  {
    name: 'sequence left cycling',
    before: 'CREATE SEQUENCE public.q MAXVALUE 1000;',
    up: 'ALTER SEQUENCE public.q MAXVALUE 2000 CYCLE;',
    down: 'ALTER SEQUENCE public.q MAXVALUE 1000;',
    expect: [changed('sequence', 'public.q')],
  },
  {
    name: 'type of a sequence not restored',
    before: 'CREATE SEQUENCE public.q AS smallint;',
    up: 'DROP SEQUENCE public.q;',
    down: 'CREATE SEQUENCE public.q AS smallint MAXVALUE 30000;',
    expect: [changed('sequence', 'public.q')],
  },
  forgotten({
    name: 'owner column of a sequence left behind',
    before: 'CREATE TABLE public.t (id integer); CREATE SEQUENCE public.q;',
    up: 'ALTER SEQUENCE public.q OWNED BY public.t.id;',
    expect: [changed('sequence', 'public.q')],
  }),
  {
    name: 'owner column of a sequence lost with the default',
    before: 'CREATE TABLE public.t (id serial);',
    up: 'ALTER TABLE public.t ALTER COLUMN id DROP DEFAULT; DROP SEQUENCE public.t_id_seq;',
    down: `CREATE SEQUENCE public.t_id_seq AS integer;
ALTER TABLE public.t ALTER COLUMN id SET DEFAULT nextval('public.t_id_seq'::regclass);`,
    expect: [changed('sequence', 'public.t_id_seq')],
  },
  {
    name: 'extended statistics lost',
    before:
      'CREATE TABLE public.t (a integer, b integer); CREATE STATISTICS public.s (dependencies) ON a, b FROM public.t;',
    up: 'DROP STATISTICS public.s; ALTER TABLE public.t ADD COLUMN c integer;',
    down: 'ALTER TABLE public.t DROP COLUMN c;',
    expect: [lost('statistics', 'public.s')],
  },
  {
    name: 'extended statistics of fewer kinds',
    before: 'CREATE TABLE public.t (a integer, b integer); CREATE STATISTICS public.s ON a, b FROM public.t;',
    up: 'DROP STATISTICS public.s;',
    down: 'CREATE STATISTICS public.s (ndistinct) ON a, b FROM public.t;',
    expect: [changed('statistics', 'public.s')],
  },
  forgotten({
    name: 'target of extended statistics left changed',
    before: 'CREATE TABLE public.t (a integer, b integer); CREATE STATISTICS public.s ON a, b FROM public.t;',
    up: 'ALTER STATISTICS public.s SET STATISTICS 300;',
    expect: [changed('statistics', 'public.s')],
  }),
]
