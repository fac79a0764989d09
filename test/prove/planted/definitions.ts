// Planted downs around routines and types.
import { changed, forgotten, left, lost, optional, type Planted } from './case.js'

const F = `CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 + 1';`

const routines: readonly Planted[] = [
  {
    name: 'function body not restored',
    before: F,
    up: F.replace('CREATE', 'CREATE OR REPLACE').replace('+ 1', '+ 2'),
    down: F.replace('CREATE', 'CREATE OR REPLACE').replace('+ 1', '+ 3'),
    expect: [changed('function', 'public.f(integer)')],
  },
  forgotten({
    name: 'function left running as its owner',
    before: F,
    up: 'ALTER FUNCTION public.f(integer) SECURITY DEFINER;',
    expect: [changed('function', 'public.f(integer)')],
  }),
  forgotten({
    name: 'volatility of a function left changed',
    before: F,
    up: 'ALTER FUNCTION public.f(integer) IMMUTABLE;',
    expect: [changed('function', 'public.f(integer)')],
  }),
  forgotten({
    name: 'cost of a function left changed',
    before: F,
    up: 'ALTER FUNCTION public.f(integer) COST 7;',
    expect: [changed('function', 'public.f(integer)')],
  }),
  {
    name: 'parallel safety and strictness not restored',
    before: `${F} ALTER FUNCTION public.f(integer) PARALLEL SAFE STRICT;`,
    up: 'ALTER FUNCTION public.f(integer) PARALLEL UNSAFE CALLED ON NULL INPUT;',
    down: 'ALTER FUNCTION public.f(integer) PARALLEL SAFE;',
    expect: [changed('function', 'public.f(integer)')],
  },
  forgotten({
    name: 'setting of a function left behind',
    before: F,
    up: `ALTER FUNCTION public.f(integer) SET search_path = '';`,
    expect: [changed('function', 'public.f(integer)')],
  }),
  {
    name: 'overload left behind',
    before: F,
    up: `CREATE FUNCTION public.f(integer, integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 + $2';
CREATE FUNCTION public.f(text) RETURNS integer LANGUAGE sql AS 'SELECT 1';`,
    down: 'DROP FUNCTION public.f(text);',
    expect: [left('function', 'public.f(integer, integer)')],
  },
  {
    name: 'procedure lost',
    before: `CREATE PROCEDURE public.p() LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE public.q() LANGUAGE sql AS 'SELECT 1';`,
    up: 'DROP PROCEDURE public.p(); DROP PROCEDURE public.q();',
    down: `CREATE PROCEDURE public.q() LANGUAGE sql AS 'SELECT 1';`,
    expect: [lost('procedure', 'public.p()')],
  },
  {
    name: 'aggregate comes back with another start value',
    before: `CREATE AGGREGATE public.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');`,
    up: 'DROP AGGREGATE public.total(integer);',
    down: `CREATE AGGREGATE public.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '1');`,
    expect: [changed('aggregate', 'public.total(integer)')],
  },
  forgotten({
    name: 'default of a function argument left behind',
    before: F,
    up: `CREATE OR REPLACE FUNCTION public.f(integer DEFAULT 5) RETURNS integer LANGUAGE sql AS 'SELECT $1 + 1';`,
    expect: [changed('function', 'public.f(integer)')],
  }),
]

const types: readonly Planted[] = [
  {
    name: 'enum label left behind',
    before: `CREATE TYPE public.mood AS ENUM ('sad', 'glad');`,
    up: `ALTER TYPE public.mood ADD VALUE 'mad' BEFORE 'glad'; CREATE TABLE public.note (id integer);`,
    down: 'DROP TABLE public.note;',
    expect: [changed('enum', 'public.mood')],
  },
  {
    name: 'enum labels in another order',
    before: `CREATE TYPE public.mood AS ENUM ('sad', 'glad');`,
    up: 'DROP TYPE public.mood;',
    down: `CREATE TYPE public.mood AS ENUM ('glad', 'sad');`,
    expect: [changed('enum', 'public.mood')],
  },
  forgotten({
    name: 'enum label left renamed',
    before: `CREATE TYPE public.mood AS ENUM ('sad', 'glad'); CREATE TABLE public.t (m public.mood DEFAULT 'sad');`,
    up: `ALTER TYPE public.mood RENAME VALUE 'sad' TO 'blue';`,
    expect: [changed('enum', 'public.mood'), changed('column', 'public.t.m')],
  }),
  {
    name: 'enum left behind after its table is gone',
    up: `CREATE TYPE public.mood AS ENUM ('sad', 'glad'); CREATE TABLE public.t (m public.mood);`,
    down: 'DROP TABLE public.t;',
    expect: [left('enum', 'public.mood')],
  },
  {
    name: 'type back under another name',
    before: `CREATE TYPE public.mood AS ENUM ('sad'); CREATE TABLE public.t (m public.mood);`,
    up: 'ALTER TYPE public.mood RENAME TO feeling;',
    down: 'ALTER TYPE public.feeling RENAME TO moods;',
    expect: [changed('enum', 'public.moods')],
  },
  {
    name: 'domain constraint lost',
    before: 'CREATE DOMAIN public.price AS numeric CONSTRAINT positive CHECK (VALUE > 0);',
    up: 'ALTER DOMAIN public.price DROP CONSTRAINT positive; CREATE TABLE public.note (id integer);',
    down: 'DROP TABLE public.note;',
    expect: [lost('domain constraint', 'public.price.positive')],
  },
  {
    name: 'domain constraint comes back unvalidated',
    before: 'CREATE DOMAIN public.price AS numeric CONSTRAINT positive CHECK (VALUE > 0);',
    up: 'ALTER DOMAIN public.price DROP CONSTRAINT positive;',
    down: 'ALTER DOMAIN public.price ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;',
    expect: [changed('domain constraint', 'public.price.positive')],
  },
  {
    name: 'domain default not restored',
    before: 'CREATE DOMAIN public.price AS numeric DEFAULT 1;',
    up: 'ALTER DOMAIN public.price SET DEFAULT 2;',
    down: 'ALTER DOMAIN public.price DROP DEFAULT;',
    expect: [changed('domain', 'public.price')],
  },
  forgotten({
    name: 'domain left not null',
    before: 'CREATE DOMAIN public.price AS numeric;',
    up: 'ALTER DOMAIN public.price SET NOT NULL;',
    expect: [
      changed('domain', 'public.price'),
      { change: 'left behind', kind: 'domain constraint', identity: 'public.price.price_not_null', majors: [17, 99] },
    ],
  }),
  {
    name: 'attribute of a composite type left behind',
    before: 'CREATE TYPE public.spot AS (x integer);',
    up: 'ALTER TYPE public.spot ADD ATTRIBUTE y integer, ADD ATTRIBUTE z integer;',
    down: 'ALTER TYPE public.spot DROP ATTRIBUTE z;',
    expect: [left('column', 'public.spot.y')],
  },
  {
    name: 'composite type lost',
    before: 'CREATE TYPE public.spot AS (x integer); CREATE TYPE public.line AS (x integer);',
    up: 'DROP TYPE public.spot; DROP TYPE public.line;',
    down: 'CREATE TYPE public.line AS (x integer);',
    expect: [lost('composite type', 'public.spot')],
  },
  {
    name: 'range type comes back over another subtype',
    before: 'CREATE TYPE public.span AS RANGE (subtype = float8, subtype_diff = float8mi);',
    up: 'DROP TYPE public.span;',
    down: 'CREATE TYPE public.span AS RANGE (subtype = float8);',
    expect: [changed('range', 'public.span')],
  },
  {
    name: 'range type left behind',
    up: 'CREATE TYPE public.span AS RANGE (subtype = float8); CREATE TABLE public.t (s public.span);',
    down: 'DROP TABLE public.t;',
    expect: [
      left('range', 'public.span'),
      ...['span()', 'span(double precision, double precision)', 'span(double precision, double precision, text)'].map(
        (f) => optional(left('function', `public.${f}`)),
      ),
      optional(left('cast', '(public.span AS public.span_multirange)')),
      ...['', 'public.span', 'VARIADIC public.span[]'].map((f) =>
        optional(left('function', `public.span_multirange(${f})`)),
      ),
    ],
  },
  {
    name: 'base type left behind as a shell',
    up: 'CREATE TYPE public.blob; CREATE TABLE public.note (id integer);',
    down: 'DROP TABLE public.note;',
    expect: [left('type', 'public.blob')],
  },
]

export const definitions: readonly Planted[] = [...routines, ...types]
