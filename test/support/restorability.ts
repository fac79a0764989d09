// Schemas for tests of what pg_restore can restore: parts that it cannot, and parts that look like them and are restored.

/**
 * `sql` stays apart from other parts by its names. `says`: what the obstacle names. `error`: what pg_restore prints about
 * it, undefined where it restores other values without an error. `repair`: without SQL, because there is none. `restore`:
 * our restore cannot work around it either.
 */
export type Unrestorable = {
  readonly name: string
  readonly sql: string
  readonly says: string
  readonly error: RegExp | undefined
  readonly repair?: 'none'
  readonly restore?: 'fails'
}

/** A routine that calls `n_inner` without a schema. `body` in plpgsql. */
const outer = (name: string, type = 'text'): string =>
  `CREATE FUNCTION ${name}_in(t text) RETURNS ${type} LANGUAGE sql IMMUTABLE AS $$ SELECT ${type === 'boolean' ? `t <> ''` : 'lower(t)'} $$;
   CREATE FUNCTION ${name}_f(t text) RETURNS ${type} LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN ${name}_in(t); END $$;`

/** Below a search_path of `public, "Other App"`. */
export const UNRESTORABLE: readonly Unrestorable[] = [
  {
    name: 'a check that names a table',
    sql: `CREATE TABLE a01 (name text); INSERT INTO a01 VALUES ('x');
      CREATE FUNCTION n01_f(k text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF k IS NULL THEN RETURN true; END IF; RETURN EXISTS (SELECT 1 FROM a01 WHERE name = k); END $$;
      CREATE TABLE z01 (k text CHECK (n01_f(k))); INSERT INTO z01 VALUES ('x');`,
    says: 'check constraint z01_k_check of table public.z01 calls public.n01_f(text), which names a01 without a schema',
    error: /relation "a01" does not exist/,
  },
  {
    name: 'the check of a domain below a domain, in an array of a composite type',
    sql: `${outer('n02', 'boolean')} CREATE DOMAIN n02_d AS text CHECK (n02_f(VALUE)); CREATE DOMAIN n02_e AS n02_d; CREATE TYPE n02_c AS (x n02_e);
      CREATE TABLE z02 (v n02_c[]); INSERT INTO z02 VALUES (ARRAY[ROW('x')::n02_c]);`,
    says: 'check constraint n02_d_check of domain public.n02_d calls public.n02_f(text), which names n02_in',
    error: /function n02_in\(text\) does not exist/,
  },
  {
    name: 'a generated column',
    sql: `${outer('n03')} CREATE TABLE z03 (n text, m text GENERATED ALWAYS AS (n03_f(n)) STORED); INSERT INTO z03 VALUES ('x');`,
    says: 'generated column m of table public.z03 calls public.n03_f(text), which names n03_in',
    error: /function n03_in\(text\) does not exist/,
  },
  {
    name: 'a generated column whose SQL function is expanded, on an empty table',
    sql: `CREATE FUNCTION n04_in(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)'; CREATE FUNCTION n04_f(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT n04_in(t)';
      CREATE TABLE z04 (n text, m text GENERATED ALWAYS AS (n04_f(n)) STORED);`,
    says: 'generated column m of table public.z04 calls public.n04_f(text), which names n04_in',
    error: /function n04_in\(text\) does not exist/,
  },
  {
    name: 'an index on an expression',
    sql: `${outer('n05')} CREATE TABLE z05 (n text); CREATE INDEX ON z05 (n05_f(n)); INSERT INTO z05 VALUES ('x');`,
    says: 'index public.z05_n05_f_idx calls public.n05_f(text), which names n05_in',
    error: /function n05_in\(text\) does not exist/,
  },
  {
    name: 'the condition of a partial index, in a routine with other settings',
    sql: `${outer('n06', 'boolean')} ALTER FUNCTION n06_f(text) SET work_mem = '5MB'; CREATE TABLE z06 (n text); CREATE INDEX ON z06 (n) WHERE n06_f(n); INSERT INTO z06 VALUES ('x');`,
    says: 'index public.z06_n_idx calls public.n06_f(text), which names n06_in',
    error: /function n06_in\(text\) does not exist/,
  },
  {
    name: 'an exclusion constraint',
    sql: `${outer('n07')} CREATE TABLE z07 (n text, CONSTRAINT z07_x EXCLUDE (n07_f(n) WITH =)); INSERT INTO z07 VALUES ('x');`,
    says: 'index public.z07_x calls public.n07_f(text), which names n07_in',
    error: /function n07_in\(text\) does not exist/,
  },
  {
    name: 'the key of a partitioned table',
    sql: `${outer('n08')} CREATE TABLE z08 (n text) PARTITION BY LIST (n08_f(n)); CREATE TABLE z08_x PARTITION OF z08 FOR VALUES IN ('x'); INSERT INTO z08 VALUES ('x');`,
    says: 'the partition key of table public.z08 calls public.n08_f(text), which names n08_in',
    error: /function n08_in\(text\) does not exist/,
  },
  {
    name: 'a support function of an operator class',
    sql: `CREATE FUNCTION n09_in(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';
      CREATE FUNCTION n09_f(a text, b text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN bttextcmp(n09_in(a), n09_in(b)); END $$;
      CREATE OPERATOR CLASS n09_ops FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 n09_f(text, text);
      CREATE TABLE z09 (n text); CREATE INDEX ON z09 (n n09_ops); INSERT INTO z09 VALUES ('x'), ('y');`,
    says: 'index public.z09_n_idx calls public.n09_f(text,text), which names n09_in',
    error: /function n09_in\(text\) does not exist/,
  },
  {
    name: 'a materialized view, through a view and an aggregate',
    sql: `CREATE FUNCTION n10_in(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';
      CREATE FUNCTION n10_f(a text, b text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN a || n10_in(b); END $$;
      CREATE AGGREGATE n10_all(text) (SFUNC = n10_f, STYPE = text, INITCOND = '');
      CREATE TABLE z10 (n text); INSERT INTO z10 VALUES ('x'); CREATE VIEW z10_v AS SELECT n10_all(n) AS a FROM z10; CREATE MATERIALIZED VIEW z10_m AS SELECT a FROM z10_v;`,
    says: 'materialized view public.z10_m calls public.n10_f(text,text), which names n10_in',
    error: /function n10_in\(text\) does not exist/,
  },
  {
    name: 'an operator in a check',
    sql: `${outer('n11')} CREATE FUNCTION n11_eq(a text, b text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN n11_in(a) = n11_in(b); END $$;
      CREATE OPERATOR === (FUNCTION = n11_eq, LEFTARG = text, RIGHTARG = text); CREATE TABLE z11 (n text CHECK (n === 'x')); INSERT INTO z11 VALUES ('X');`,
    says: 'check constraint z11_n_check of table public.z11 calls public.n11_eq(text,text), which names n11_in',
    error: /function n11_in\(text\) does not exist/,
  },
  {
    name: 'a cast to a type',
    sql: `CREATE TYPE n12_t AS ENUM ('x', 'y'); CREATE FUNCTION n12_f(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN t::n12_t IS NOT NULL; END $$;
      CREATE TABLE z12 (n text CHECK (n12_f(n))); INSERT INTO z12 VALUES ('x');`,
    says: 'check constraint z12_n_check of table public.z12 calls public.n12_f(text), which names n12_t',
    error: /type "n12_t" does not exist/,
  },
  {
    name: 'a declared type',
    sql: `CREATE TABLE a13 (name text); CREATE FUNCTION n13_f(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE r a13%ROWTYPE; BEGIN r.name := t; RETURN r.name <> ''; END $$;
      CREATE TABLE z13 (n text CHECK (n13_f(n))); INSERT INTO z13 VALUES ('x');`,
    says: 'public.n13_f(text), which fails with the empty search_path of pg_restore (relation "a13" does not exist)',
    error: /relation "a13" does not exist/,
  },
  {
    name: 'a routine of an extension, which is in C',
    sql: `CREATE FUNCTION n14_f(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN unaccent(lower(t)); END $$; CREATE TABLE z14 (n text); CREATE INDEX ON z14 (n14_f(n)); INSERT INTO z14 VALUES ('x');`,
    says: 'index public.z14_n14_f_idx calls public.n14_f(text), which names unaccent',
    error: /function unaccent\(text\) does not exist/,
  },
  {
    name: 'a dictionary in a literal, in SQL',
    sql: `CREATE FUNCTION n15_f(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT public.unaccent('unaccent', t) $$; CREATE TABLE z15 (n text); CREATE INDEX ON z15 (n15_f(n)); INSERT INTO z15 VALUES ('x');`,
    says: 'public.n15_f(text), which fails with the empty search_path of pg_restore (text search dictionary "unaccent" does not exist)',
    error: /text search dictionary "unaccent" does not exist/,
  },
  {
    name: 'an operator of an extension',
    sql: `CREATE FUNCTION n16_f(h hstore) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN h -> 'a'; END $$; CREATE TABLE z16 (n hstore); CREATE INDEX ON z16 (n16_f(n)); INSERT INTO z16 VALUES ('a=>b');`,
    says: 'public.n16_f(public.hstore), which fails with the empty search_path of pg_restore (operator does not exist: public.hstore -> unknown)',
    error: /operator does not exist: public.hstore -> unknown/,
  },
  {
    name: 'a statement that is built from text',
    sql: `CREATE TABLE a17 (name text); CREATE FUNCTION n17_f(t text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ DECLARE n int; BEGIN EXECUTE 'SELECT count(*) FROM ' || 'a' || '17' INTO n; RETURN n = 0; END $$;
      CREATE TABLE z17 (n text CHECK (n17_f(n))); INSERT INTO z17 VALUES ('x');`,
    says: 'public.n17_f(text), which fails with the empty search_path of pg_restore (relation "a17" does not exist)',
    error: /relation "a17" does not exist/,
  },
  {
    name: 'a routine with all names qualified, which calls one that has not',
    sql: `${outer('n18')} CREATE FUNCTION n18_g(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT public.n18_f(t)'; CREATE TABLE z18 (n text); CREATE INDEX ON z18 (n18_g(n)); INSERT INTO z18 VALUES ('x');`,
    says: 'index public.z18_n18_g_idx calls public.n18_f(text), which names n18_in',
    error: /function n18_in\(text\) does not exist/,
  },
  {
    name: 'odd names in another schema of the search_path',
    sql: `CREATE TABLE "Other App"."A 19" (name text); CREATE FUNCTION "Other App"."N 19"(t text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN NOT EXISTS (SELECT FROM "A 19" WHERE name = t); END $$;
      CREATE TABLE z19 (n text CHECK ("Other App"."N 19"(n))); INSERT INTO z19 VALUES ('x');`,
    says: 'calls "Other App"."N 19"(text), which names A 19',
    error: /relation "A 19" does not exist/,
  },
  {
    name: 'a name that is in pg_catalog, too',
    sql: `CREATE TYPE n20_t AS ENUM ('x'); CREATE FUNCTION lower(n20_t) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' $$;
      CREATE FUNCTION n20_f(t n20_t) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN lower(t); END $$; CREATE TABLE z20 (n n20_t); CREATE INDEX ON z20 (n20_f(n)); INSERT INTO z20 VALUES ('x');`,
    says: 'public.n20_f(public.n20_t), which fails with the empty search_path of pg_restore (function lower(public.n20_t) does not exist)',
    error: /function lower\(public.n20_t\) does not exist/,
  },
  {
    name: 'a polymorphic routine',
    sql: `CREATE FUNCTION n21_in(t anyelement) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT t::text'; CREATE FUNCTION n21_f(t anyelement) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT n21_in(t)';
      CREATE TABLE z21 (n int); CREATE INDEX ON z21 (n21_f(n)); INSERT INTO z21 VALUES (1);`,
    says: 'index public.z21_n21_f_idx calls public.n21_f(anyelement), which names n21_in',
    error: /function n21_in\(integer\) does not exist/,
  },
  {
    name: 'an event trigger, which runs when materialized views are filled',
    sql: `CREATE TABLE a22 (tag text); CREATE FUNCTION n22_f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF tg_tag = 'REFRESH MATERIALIZED VIEW' THEN PERFORM 1 FROM a22; END IF; END $$;
      CREATE EVENT TRIGGER n22_e ON ddl_command_end EXECUTE FUNCTION n22_f(); CREATE MATERIALIZED VIEW z22_m AS SELECT 1 AS one;`,
    says: 'event trigger n22_e calls public.n22_f(), which names a22',
    error: /relation "a22" does not exist/,
  },
  {
    name: 'a function of an extension itself',
    sql: `CREATE TABLE z23 (a float8, b float8); CREATE INDEX ON z23 USING gist (ll_to_earth(a, b)); INSERT INTO z23 VALUES (1, 1);`,
    says: 'of the extension earthdistance',
    error: /does not exist/,
    repair: 'none',
  },
  {
    name: 'a check that reads a table that is loaded later',
    sql: `CREATE TABLE z24 (name text); INSERT INTO z24 VALUES ('x'); CREATE FUNCTION n24_f(k text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT EXISTS (SELECT FROM public.z24 WHERE name = k)';
      CREATE TABLE b24 (k text CHECK (n24_f(k))); INSERT INTO b24 VALUES ('x');`,
    says: 'check constraint b24_k_check of table public.b24 reads public.z24, which pg_restore loads after public.b24',
    error: /violates check constraint "b24_k_check"/,
  },
  {
    name: 'the check of a domain that reads a view of a table that is loaded later, with a search_path of its own',
    sql: `CREATE TABLE z25 (name text); INSERT INTO z25 VALUES ('x'); CREATE VIEW z25_v AS SELECT name FROM z25;
      CREATE FUNCTION n25_f(k text) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public AS $$ BEGIN RETURN k IN (SELECT name FROM z25_v); END $$;
      CREATE DOMAIN n25_d AS text CHECK (n25_f(VALUE)); CREATE TABLE b25 (k n25_d); INSERT INTO b25 VALUES ('x');`,
    says: 'check constraint n25_d_check of domain public.n25_d reads public.z25, which pg_restore loads after public.b25',
    error: /n25_d_check/,
  },
  {
    name: 'a generated column that reads a table that is loaded later',
    sql: `CREATE TABLE z26 (name text); INSERT INTO z26 VALUES ('x'); CREATE FUNCTION n26_f(k text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN (SELECT max(name) || k FROM public.z26); END $$;
      CREATE TABLE b26 (k text, m text GENERATED ALWAYS AS (n26_f(k)) STORED); INSERT INTO b26 VALUES ('x');`,
    says: 'generated column m of table public.b26 reads public.z26, which pg_restore loads after public.b26',
    error: undefined,
    repair: 'none',
  },
  {
    name: 'the same in SQL, which is expanded before there is that table',
    sql: `CREATE TABLE z27 (name text); INSERT INTO z27 VALUES ('x'); CREATE FUNCTION n27_f(k text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT max(name) || k FROM public.z27';
      CREATE TABLE b27 (k text, m text GENERATED ALWAYS AS (n27_f(k)) STORED); INSERT INTO b27 VALUES ('x');`,
    says: 'generated column m of table public.b27 reads public.z27, which pg_restore loads after public.b27',
    error: /relation "public.z27" does not exist/,
    repair: 'none',
  },
  {
    name: 'a check that reads its own table',
    sql: `CREATE TABLE z28 (id int, parent int); CREATE FUNCTION n28_f(p int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN EXISTS (SELECT FROM public.z28 WHERE id = p); END $$;
      ALTER TABLE z28 ADD CHECK (parent IS NULL OR n28_f(parent)); INSERT INTO z28 VALUES (1, NULL); INSERT INTO z28 VALUES (2, 1);`,
    says: 'check constraint z28_parent_check of table public.z28 reads public.z28 itself',
    error: /violates check constraint "z28_parent_check"/,
    restore: 'fails',
  },
  {
    name: 'a materialized view without a row, whose condition is computed before',
    sql: `${outer('n29')} CREATE TABLE z29 (n text); CREATE MATERIALIZED VIEW z29_m AS SELECT n FROM z29 WHERE n = n29_f('A');`,
    says: 'materialized view public.z29_m calls public.n29_f(text), which names n29_in',
    error: /function n29_in\(text\) does not exist/,
  },
  {
    name: 'a text search configuration in a text',
    sql: `CREATE TEXT SEARCH CONFIGURATION n30_c (COPY = english); CREATE FUNCTION n30_f(t text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN to_tsvector('n30_c', t); END $$;
      CREATE TABLE z30 (n text); CREATE INDEX ON z30 USING gin (n30_f(n)); INSERT INTO z30 VALUES ('x');`,
    says: 'public.n30_f(text), which fails with the empty search_path of pg_restore (text search configuration "n30_c" does not exist)',
    error: /text search configuration "n30_c" does not exist/,
  },
  {
    name: 'an object that is looked for by its name, and is silently not found',
    sql: `CREATE SEQUENCE n31_s; CREATE FUNCTION n31_f(t text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN to_regclass('n31_s') IS NOT NULL; END $$; CREATE TABLE z31 (n text CHECK (n31_f(n))); INSERT INTO z31 VALUES ('x');`,
    says: 'public.n31_f(text), which gives other results with the empty search_path of pg_restore',
    error: /violates check constraint "z31_n_check"/,
  },
  {
    name: 'an operator of citext, in whose place that of text is taken',
    sql: `CREATE FUNCTION n32_f(e citext) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN e = 'A'; END $$; CREATE TABLE z32 (e citext CHECK (n32_f(e))); INSERT INTO z32 VALUES ('a');`,
    says: 'public.n32_f(public.citext), which gives other results with the empty search_path of pg_restore',
    error: /violates check constraint "z32_e_check"/,
  },
  {
    name: 'a collation',
    sql: `CREATE COLLATION n33_c (provider = icu, locale = 'en'); CREATE FUNCTION n33_f(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN t < 'z' COLLATE n33_c; END $$; CREATE TABLE z33 (n text CHECK (n33_f(n))); INSERT INTO z33 VALUES ('x');`,
    says: 'public.n33_f(text), which names n33_c without a schema',
    error: /collation "n33_c".* does not exist/,
  },
  {
    name: 'a routine that calls itself, in a schema that this session does not search',
    sql: `CREATE SCHEMA app; CREATE FUNCTION app.n34_f(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF n < 2 THEN RETURN 1; END IF; RETURN n * n34_f(n - 1); END $$;
      SET search_path = app; CREATE TABLE app.z34 (n int CHECK (n34_f(n) > 0)); INSERT INTO app.z34 VALUES (5); RESET search_path;`,
    says: 'check constraint z34_n_check of table app.z34 calls app.n34_f(integer), which names n34_f without a schema',
    error: /function n34_f\(integer\) does not exist/,
  },
  {
    name: 'a table that is gone',
    sql: `CREATE TABLE a35 (name text); CREATE FUNCTION n35_f(k text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN NOT EXISTS (SELECT FROM a35 WHERE name = k); END $$; CREATE TABLE z35 (n text CHECK (n35_f(n))); INSERT INTO z35 VALUES ('x'); DROP TABLE a35;`,
    says: 'public.n35_f(text), which fails (relation "a35" does not exist)',
    error: /relation "a35" does not exist/,
    repair: 'none',
    restore: 'fails',
  },
]

/** What UNRESTORABLE needs, in an empty database with a search_path of `public, "Other App"`. */
export const BEFORE = `CREATE SCHEMA "Other App"; CREATE EXTENSION unaccent; CREATE EXTENSION hstore; CREATE EXTENSION cube; CREATE EXTENSION earthdistance; CREATE EXTENSION citext;`

const loose = (name: string, more = ''): string =>
  `CREATE TABLE ${name}_t (name text); CREATE FUNCTION ${name}_f(k text) RETURNS boolean LANGUAGE plpgsql STABLE ${more} AS $$ BEGIN RETURN NOT EXISTS (SELECT FROM ${name}_t WHERE name = k); END $$;`

/** Each is restored without an error, and no obstacle is reported: by name, with its SQL. */
export const RESTORABLE: Readonly<Record<string, string>> = {
  'a search_path of its own': `${loose('l01', 'SET search_path = public')} CREATE TABLE m01 (n text CHECK (l01_f(n))); INSERT INTO m01 VALUES ('x');`,
  'names with their schemas': `CREATE TABLE l02_t (name text); CREATE FUNCTION l02_f(k text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN NOT EXISTS (SELECT FROM public.l02_t WHERE name = k); END $$; CREATE TABLE m02 (n text CHECK (public.l02_f(n))); INSERT INTO m02 VALUES ('x');`,
  'names of PostgreSQL itself': `CREATE FUNCTION l03_f(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN lower(regexp_replace(t, '[^a-z]', '')); END $$; CREATE TABLE m03 (n text, m text GENERATED ALWAYS AS (l03_f(n)) STORED); CREATE INDEX ON m03 (l03_f(n)); INSERT INTO m03 VALUES ('x');`,
  'a body in SQL-standard form': `CREATE TABLE l04_t (name text); CREATE FUNCTION l04_f(k text) RETURNS boolean LANGUAGE sql RETURN NOT EXISTS (SELECT FROM l04_t WHERE name = k); CREATE TABLE m04 (n text CHECK (l04_f(n))); INSERT INTO m04 VALUES ('x');`,
  'a trigger, a view, a default and a policy': `${loose('l05')} CREATE FUNCTION l05_g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM l05_f(''); RETURN new; END $$;
    CREATE TABLE m05 (n text, ok boolean DEFAULT l05_f('')); CREATE TRIGGER m05_t BEFORE INSERT ON m05 FOR EACH ROW WHEN (l05_f(new.n)) EXECUTE FUNCTION l05_g(); CREATE VIEW m05_v AS SELECT l05_f(n) FROM m05;
    ALTER TABLE m05 ENABLE ROW LEVEL SECURITY; CREATE POLICY m05_p ON m05 USING (l05_f(n)); INSERT INTO m05 VALUES ('x');`,
  'a check that is not valid yet': `${loose('l06')} CREATE TABLE m06 (n text); INSERT INTO m06 VALUES ('x'); ALTER TABLE m06 ADD CONSTRAINT m06_c CHECK (l06_f(n)) NOT VALID;`,
  'a materialized view without data': `${loose('l07')} CREATE TABLE m07 (n text); INSERT INTO m07 VALUES ('x'); CREATE MATERIALIZED VIEW m07_m AS SELECT l07_f(n) FROM m07 WITH NO DATA;`,
  'a domain that no table uses': `${loose('l08')} CREATE DOMAIN l08_d AS text CHECK (l08_f(VALUE));`,
  'statistics on an expression': `${loose('l09')} CREATE TABLE m09 (n text, o text); CREATE STATISTICS m09_s ON (l09_f(n)), o FROM m09; INSERT INTO m09 VALUES ('x');`,
  'a variable and columns with the name of a table': `CREATE TABLE kind (name text); CREATE FUNCTION l10_f(kind text, made timestamptz) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE x text := kind; BEGIN RETURN kind IS DISTINCT FROM x OR kind = substring(x FROM 1) OR extract(year FROM made) > 0; END $$;
    CREATE TABLE m10 (kind text, made timestamptz, CHECK (l10_f(kind, made))); INSERT INTO m10 VALUES ('x', '2024-01-01');`,
  'a WITH query and an alias with the name of a table': `CREATE TABLE l11_t (name text); CREATE FUNCTION l11_f(k text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN EXISTS (WITH l11_t AS (SELECT k AS name) SELECT FROM l11_t) AND k = (SELECT max(x) FROM unnest(ARRAY[k]) AS l11_t (x)); END $$; CREATE TABLE m11 (n text CHECK (l11_f(n))); INSERT INTO m11 VALUES ('x');`,
  'names in comments and strings': `CREATE TABLE l12_t (name text); CREATE FUNCTION l12_f(k text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN -- SELECT FROM l12_t
    RETURN k <> 'SELECT FROM l12_t'; END $$; CREATE TABLE m12 (n text CHECK (l12_f(n))); INSERT INTO m12 VALUES ('x');`,
  'a routine that sets the search_path itself': `CREATE TABLE l13_t (name text); CREATE FUNCTION l13_f(k text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', 'public', true); RETURN NOT EXISTS (SELECT FROM l13_t WHERE name = k); END $$; CREATE TABLE m13 (n text CHECK (l13_f(n))); INSERT INTO m13 VALUES ('x');`,
  'a check that reads a table that is loaded before': `CREATE TABLE a14l (name text); INSERT INTO a14l VALUES ('x'); CREATE FUNCTION l14_f(k text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT EXISTS (SELECT FROM public.a14l WHERE name = k)'; CREATE TABLE m14 (n text CHECK (l14_f(n))); INSERT INTO m14 VALUES ('x');`,
  'a check that holds while the table that it reads is empty': `CREATE TABLE zz15 (name text); INSERT INTO zz15 VALUES ('y'); CREATE FUNCTION l15_f(k text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT NOT EXISTS (SELECT FROM public.zz15 WHERE name = k)'; CREATE TABLE m15 (n text CHECK (l15_f(n))); INSERT INTO m15 VALUES ('x');`,
  'a statement built from text that names nothing': `CREATE FUNCTION l16_f(k text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE x text; BEGIN EXECUTE format('SELECT %L::text', k) INTO x; RETURN x = k; END $$; CREATE TABLE m16 (n text CHECK (l16_f(n))); INSERT INTO m16 VALUES ('x');`,
  'an operator that an extension has, too': `CREATE FUNCTION l17_f(k text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF k = '' THEN RETURN false; END IF; RETURN true; END $$; CREATE TABLE m17 (n text CHECK (l17_f(n))); INSERT INTO m17 VALUES ('x');`,
  'an event trigger for other commands': `${loose('l18')} CREATE FUNCTION l18_g() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM l18_f(''); END $$; CREATE EVENT TRIGGER l18_e ON ddl_command_end WHEN TAG IN ('CREATE SEQUENCE') EXECUTE FUNCTION l18_g(); CREATE MATERIALIZED VIEW m18_m AS SELECT 1 AS one;`,
  'a routine with a search_path, which calls one without': `${loose('l19')} CREATE FUNCTION l19_g(k text) RETURNS boolean LANGUAGE sql SET search_path = public AS 'SELECT l19_f(k)'; CREATE TABLE m19 (n text CHECK (l19_g(n))); INSERT INTO m19 VALUES ('x');`,
  'an index that is not valid': `${loose('l20')} CREATE TABLE m20 (n text); INSERT INTO m20 VALUES ('x'); CREATE INDEX m20_i ON m20 (length(n)); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'm20_i'::regclass;`,
  'a check of the row type, which is added after the rows': `CREATE TABLE z21_t (name text); INSERT INTO z21_t VALUES ('x'); CREATE TABLE m21 (n text); CREATE FUNCTION l21_f(i m21) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN EXISTS (SELECT FROM public.z21_t WHERE name = i.n); END $$; ALTER TABLE m21 ADD CHECK (l21_f(m21)); INSERT INTO m21 VALUES ('x');`,
  'a check that its own table has no such row': `CREATE TABLE m22 (id int); CREATE FUNCTION l22_f(p int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN NOT EXISTS (SELECT FROM public.m22 WHERE id = p); END $$; ALTER TABLE m22 ADD CHECK (l22_f(id)); INSERT INTO m22 VALUES (1); INSERT INTO m22 VALUES (2);`,
  'a label of an enum, and an operator with its schema': `CREATE TYPE l23_t AS ENUM ('a'); CREATE FUNCTION l23_f(m l23_t, h hstore) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN m = 'a' AND h OPERATOR(public.->) 'a' IS NOT NULL; END $$; CREATE TABLE m23 (m l23_t, h hstore, CHECK (l23_f(m, h))); INSERT INTO m23 VALUES ('a', 'a=>b');`,
  'a cast that may fail': `CREATE FUNCTION l24_f(t text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN t::int; EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$; CREATE TABLE m24 (n text, m int GENERATED ALWAYS AS (l24_f(n)) STORED); INSERT INTO m24 VALUES ('x');`,
  'a sequence in a default': `CREATE SEQUENCE l25_s; CREATE FUNCTION l25_f() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('l25_s'); END $$; CREATE TABLE m25 (id bigint DEFAULT l25_f(), n text); INSERT INTO m25 (n) VALUES ('x');`,
}

/** Restored while there is no row. */
export const LATER: Readonly<Record<string, string>> = {
  'a check': `${loose('l51')} CREATE TABLE m51 (n text CHECK (l51_f(n)));`,
  'an index': `${outer('l52')} CREATE TABLE m52 (n text); CREATE INDEX ON m52 (l52_f(n));`,
}
