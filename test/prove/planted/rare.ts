// Planted downs around the rarer kinds of object: schemas, extensions, operators, text search, foreign data, publications.
import { changed, forgotten, left, lost, NEWEST, type Planted } from './case.js'

const T = 'CREATE TABLE public.t (id integer, a text, b integer);'
const SAME = `CREATE FUNCTION public.same(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a = b';`
const LINK = 'CREATE FOREIGN DATA WRAPPER link; CREATE SERVER far FOREIGN DATA WRAPPER link;'

const operators: readonly Planted[] = [
  {
    name: 'operator left behind',
    before: SAME,
    up: `CREATE OPERATOR public.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same);
CREATE OPERATOR public.==== (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same);`,
    down: 'DROP OPERATOR public.==== (text, text);',
    expect: [left('operator', 'public.===(pg_catalog.text,pg_catalog.text)')],
  },
  {
    name: 'operator comes back without its commutator',
    before: `${SAME} CREATE OPERATOR public.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same, COMMUTATOR = OPERATOR(public.===));`,
    up: 'DROP OPERATOR public.=== (text, text);',
    down: 'CREATE OPERATOR public.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same);',
    expect: [changed('operator', 'public.===(pg_catalog.text,pg_catalog.text)')],
  },
  forgotten({
    name: 'operator class left behind',
    up: 'CREATE OPERATOR CLASS public.plain FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);',
    expect: [left('opclass', 'public.plain USING btree'), left('opfamily', 'public.plain USING btree')],
  }),
  {
    name: 'operator family left behind',
    up: 'CREATE OPERATOR FAMILY public.fam USING btree; CREATE OPERATOR FAMILY public.fam USING hash;',
    down: 'DROP OPERATOR FAMILY public.fam USING hash;',
    expect: [left('opfamily', 'public.fam USING btree')],
  },
  forgotten({
    name: 'member of an operator family left behind',
    before: 'CREATE OPERATOR FAMILY public.fam USING btree;',
    up: 'ALTER OPERATOR FAMILY public.fam USING btree ADD OPERATOR 1 < (integer, integer);',
    expect: [changed('opfamily', 'public.fam USING btree')],
  }),
  forgotten({
    name: 'cast left behind',
    before: `CREATE FUNCTION public.yes(integer) RETURNS point LANGUAGE sql AS 'SELECT point(0, 0)';`,
    up: 'CREATE CAST (integer AS point) WITH FUNCTION public.yes(integer);',
    expect: [left('cast', '(integer AS pg_catalog.point)')],
  }),
  {
    name: 'cast comes back implicit',
    before: `CREATE FUNCTION public.yes(integer) RETURNS point LANGUAGE sql AS 'SELECT point(0, 0)';
CREATE CAST (integer AS point) WITH FUNCTION public.yes(integer) AS ASSIGNMENT;`,
    up: 'DROP CAST (integer AS point);',
    down: 'CREATE CAST (integer AS point) WITH FUNCTION public.yes(integer) AS IMPLICIT;',
    expect: [changed('cast', '(integer AS pg_catalog.point)')],
  },
  forgotten({
    name: 'collation left behind',
    up: 'CREATE COLLATION public.plain FROM "C";',
    expect: [left('collation', 'public.plain')],
  }),
  forgotten({
    name: 'conversion left behind',
    up: `CREATE CONVERSION public.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;`,
    expect: [left('conversion', 'public.conv')],
  }),
  forgotten({
    name: 'access method left behind',
    up: 'CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;',
    expect: [left('access method', 'heap2')],
  }),
  {
    name: 'access method of a table not restored',
    before:
      'CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE public.t (id integer) USING heap2;',
    up: 'DROP TABLE public.t;',
    down: 'CREATE TABLE public.t (id integer);',
    expect: [changed('table', 'public.t')],
  },
  forgotten({
    name: 'language left behind',
    up: 'CREATE LANGUAGE mine HANDLER plpgsql_call_handler;',
    expect: [left('language', 'mine')],
  }),
  {
    name: 'text search configuration maps otherwise',
    before: `CREATE TEXT SEARCH CONFIGURATION public.words (COPY = pg_catalog.simple);`,
    up: 'ALTER TEXT SEARCH CONFIGURATION public.words ALTER MAPPING FOR asciiword, word WITH english_stem;',
    down: 'ALTER TEXT SEARCH CONFIGURATION public.words ALTER MAPPING FOR asciiword WITH simple;',
    expect: [changed('text search configuration', 'public.words')],
  },
  forgotten({
    name: 'text search configuration left behind',
    up: 'CREATE TEXT SEARCH CONFIGURATION public.words (PARSER = "default");',
    expect: [left('text search configuration', 'public.words')],
  }),
  forgotten({
    name: 'option of a text search dictionary left changed',
    before: 'CREATE TEXT SEARCH DICTIONARY public.dict (TEMPLATE = simple);',
    up: 'ALTER TEXT SEARCH DICTIONARY public.dict (Accept = false);',
    expect: [changed('text search dictionary', 'public.dict')],
  }),
]

const outside: readonly Planted[] = [
  forgotten({ name: 'schema left behind', up: 'CREATE SCHEMA s;', expect: [left('schema', 's')] }),
  {
    name: 'schema lost with what was in it',
    before: 'CREATE SCHEMA s; CREATE TABLE s.t (id integer);',
    up: 'DROP SCHEMA s CASCADE;',
    down: 'CREATE SCHEMA s;',
    expect: [lost('table', 's.t')],
  },
  {
    name: 'schema back under another name',
    before: 'CREATE SCHEMA s; CREATE TABLE s.t (id integer);',
    up: 'ALTER SCHEMA s RENAME TO s2;',
    down: 'ALTER SCHEMA s2 RENAME TO s3;',
    expect: [changed('schema', 's3')],
  },
  {
    ...forgotten({
      name: 'extension left behind',
      up: 'CREATE EXTENSION citext;',
      expect: [left('extension', 'citext')],
    }),
    extension: 'citext',
  },
  {
    name: 'extension lost',
    extension: 'citext',
    before: 'CREATE EXTENSION citext;',
    up: 'DROP EXTENSION citext; CREATE TABLE public.note (id integer);',
    down: 'DROP TABLE public.note;',
    expect: [lost('extension', 'citext')],
  },
  {
    ...forgotten({
      name: 'extension left in another schema',
      before: 'CREATE SCHEMA s; CREATE EXTENSION citext SCHEMA public; CREATE TABLE public.t (a public.citext);',
      up: 'ALTER EXTENSION citext SET SCHEMA s;',
      expect: [changed('extension', 'citext'), changed('column', 'public.t.a')],
    }),
    extension: 'citext',
  },
  forgotten({
    name: 'foreign data wrapper left behind',
    up: 'CREATE FOREIGN DATA WRAPPER link;',
    expect: [left('foreign data wrapper', 'link')],
  }),
  forgotten({
    name: 'option of a foreign server left behind',
    before: LINK,
    up: `ALTER SERVER far OPTIONS (ADD host 'example.test');`,
    expect: [changed('server', 'far')],
  }),
  forgotten({
    name: 'user mapping left behind',
    before: LINK,
    up: 'CREATE USER MAPPING FOR PUBLIC SERVER far;',
    expect: [left('user mapping', 'for public on far')],
  }),
  {
    name: 'foreign table comes back with other options',
    before: `${LINK} CREATE FOREIGN TABLE public.away (id integer OPTIONS (column_name 'k')) SERVER far OPTIONS (table_name 'x');`,
    up: 'DROP FOREIGN TABLE public.away;',
    down: `CREATE FOREIGN TABLE public.away (id integer OPTIONS (column_name 'k')) SERVER far OPTIONS (table_name 'y');`,
    expect: [changed('foreign table', 'public.away')],
  },
  {
    name: 'option of a foreign column lost',
    before: `${LINK} CREATE FOREIGN TABLE public.away (id integer OPTIONS (column_name 'k')) SERVER far;`,
    up: 'DROP FOREIGN TABLE public.away;',
    down: 'CREATE FOREIGN TABLE public.away (id integer) SERVER far;',
    expect: [changed('column', 'public.away.id')],
  },
  forgotten({
    name: 'publication left behind',
    before: T,
    up: 'CREATE PUBLICATION pub;',
    expect: [left('publication', 'pub')],
  }),
  {
    name: 'publication publishes less than before',
    before: `${T} CREATE PUBLICATION pub;`,
    up: `ALTER PUBLICATION pub SET (publish = 'insert');`,
    down: `ALTER PUBLICATION pub SET (publish = 'insert, update');`,
    expect: [changed('publication', 'pub')],
  },
  forgotten({
    name: 'table left in a publication',
    before: `${T} CREATE PUBLICATION pub;`,
    up: 'ALTER PUBLICATION pub ADD TABLE public.t;',
    expect: [left('publication table', 'public.t in publication pub')],
  }),
  {
    name: 'condition of a published table lost',
    majors: [15, NEWEST],
    before: `${T} CREATE PUBLICATION pub FOR TABLE public.t WHERE (id > 0);`,
    up: 'ALTER PUBLICATION pub DROP TABLE public.t;',
    down: 'ALTER PUBLICATION pub ADD TABLE public.t;',
    expect: [changed('publication table', 'public.t in publication pub')],
  },
  {
    name: 'column list of a published table lost',
    majors: [15, NEWEST],
    before: `${T} CREATE PUBLICATION pub FOR TABLE public.t (id, a);`,
    up: 'ALTER PUBLICATION pub DROP TABLE public.t;',
    down: 'ALTER PUBLICATION pub ADD TABLE public.t;',
    expect: [changed('publication table', 'public.t in publication pub')],
  },
  forgotten({
    name: 'schema left in a publication',
    majors: [15, NEWEST],
    before: 'CREATE SCHEMA s; CREATE PUBLICATION pub;',
    up: 'ALTER PUBLICATION pub ADD TABLES IN SCHEMA s;',
    expect: [left('publication schema', 's in publication pub')],
  }),
  forgotten({
    name: 'large object left behind',
    up: `SELECT lo_create(0);`,
    expect: [left('large objects', 'large objects')],
  }),
]

const database: readonly Planted[] = [
  forgotten({
    name: 'setting of the database left behind',
    up: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = %L', current_database(), '8MB'); END $$;`,
    expect: [changed('database', 'database')],
  }),
  forgotten({
    name: 'grant on the database left behind',
    up: `DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database()); END $$;`,
    expect: [changed('database', 'database')],
  }),
  forgotten({
    name: 'comment on the database left behind',
    up: `DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'ours'); END $$;`,
    expect: [changed('database', 'database')],
  }),
  forgotten({
    name: 'connection limit of the database left behind',
    up: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 50', current_database()); END $$;`,
    expect: [changed('database', 'database')],
  }),
]

export const rare: readonly Planted[] = [...operators, ...outside, ...database]
