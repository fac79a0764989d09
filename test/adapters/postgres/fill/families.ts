// Tables with each family of types and constraints, and what is true of their made-up rows.

/**
 * `asked`: names of tables; all of the schema if left out. `holds`: conditions on the database behind a natural fill. `few`: tables
 * that take fewer rows than asked, with the reason.
 */
export type Family = {
  readonly name: string
  readonly sql: string
  readonly asked?: readonly string[]
  readonly holds?: readonly string[]
  readonly few?: Readonly<Record<string, string>>
}

export const ROWS = 200

const all = (table: string, condition: string): string => `(SELECT bool_and(${condition}) FROM ${table})`
const spread = (table: string, column: string, kinds: number): string =>
  `(SELECT count(DISTINCT ${column}) >= ${kinds} FROM ${table})`
const noNull = (table: string): string =>
  `NOT EXISTS (SELECT FROM ${table} AS whole_row, jsonb_each(to_jsonb(whole_row)) AS e WHERE e.value = 'null')`

export const FAMILIES: readonly Family[] = [
  {
    name: 'all built-in types',
    sql: `CREATE TYPE range_of_text AS RANGE (subtype = text); CREATE TYPE range_of_floats AS RANGE (subtype = float8); CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
      CREATE DOMAIN postal AS text CHECK (VALUE ~ '^\\d{5}$'); CREATE TYPE address AS (street text, code postal, mood mood);
      CREATE TABLE t (b bool, i2 int2, i4 int4, i8 int8, n numeric, n1 numeric(5,2), n2 numeric(2,2), n3 numeric(3,0), f4 float4, f8 float8, m money, t text, v varchar(3), v2 varchar(20),
        c char(2), c1 "char", na name, u uuid, by bytea, bi bit(3), vb bit varying(5), vb2 varbit, d date, ts timestamp(3), tz timestamptz, ti time, tt timetz, iv interval, ip inet,
        ci cidr, ma macaddr, m8 macaddr8, j json, jb jsonb, jp jsonpath, tv tsvector, tq tsquery, pt point, li line, ls lseg, bx box, pa path, po polygon, cr circle,
        lsn pg_lsn, xi xid, x8 xid8, td tid, ps pg_snapshot, o oid, rc regclass, rt regtype, rp regproc, rpp regprocedure, ro regoper, roo regoperator, rr regrole, rn regnamespace,
        rg regconfig, rd regdictionary, rl regcollation, ir int4range, nr numrange, dr daterange, tr tstzrange, im int4multirange, fr range_of_floats, xr range_of_text, ia int[],
        ta text[], va varchar(4)[], moods mood[], ad address, ads address[], mo mood, iv2 int2vector, ov oidvector, ac aclitem)`,
    holds: [
      noNull('t'),
      spread('t', 'v2', ROWS),
      spread('t', 'u', ROWS),
      spread('t', 'mo', 2),
      spread('t', 'jb', ROWS),
    ],
  },
  {
    name: 'types of extensions',
    sql: `CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public; CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public; CREATE EXTENSION IF NOT EXISTS ltree WITH SCHEMA public;
      CREATE EXTENSION IF NOT EXISTS cube WITH SCHEMA public; CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;
      CREATE TABLE t (id uuid PRIMARY KEY DEFAULT public.uuid_generate_v4(), c public.citext UNIQUE CHECK (c ~ '^[a-z0-9]+$'), h public.hstore, l public.ltree NOT NULL, q public.cube)`,
    holds: [noNull('t'), spread('t', 'h::text', ROWS)],
  },
  {
    name: 'lists of labels',
    sql: `CREATE TABLE t (s text NOT NULL CHECK (s IN ('new', 'paid', 'it''s b\\c')), k varchar(10) CHECK (k = ANY (ARRAY['x', 'yy'])), n int CHECK (n IN (1, 5, 9)), c char(1) CHECK (c IN ('Y', 'N')))`,
    holds: [noNull('t'), spread('t', 's', 3), spread('t', 'k', 2), spread('t', 'n', 3), spread('t', 'c', 2)],
  },
  {
    name: 'ranges of numbers',
    sql: `CREATE TABLE t (age int CHECK (age BETWEEN 0 AND 150), lat numeric CHECK (lat BETWEEN -90 AND 90), p real CHECK (p > 0 AND p < 1), y int2 CHECK (y > 1900 AND y < 2100),
      percent numeric(5,2) CHECK (percent > 0 AND percent <= 100), big bigint UNIQUE CHECK (big > 10000000000), even int UNIQUE CHECK (even % 2 = 0), below int CHECK (below < 0))`,
    holds: [
      noNull('t'),
      spread('t', 'age', 50),
      spread('t', 'lat', 50),
      spread('t', 'big', ROWS),
      spread('t', 'even', ROWS),
    ],
  },
  {
    name: 'texts: patterns, lengths, case',
    sql: `CREATE TABLE t (a text CHECK (a LIKE 'AB-%_c\\%'), b text UNIQUE CHECK (b ~ '^[A-Z]{3}-[0-9]{4}$'), c text CHECK (length(c) BETWEEN 3 AND 5), d text CHECK (d = upper(d)),
      e text CHECK (e ~* '^(https?)://[a-z0-9.]+/.+$'), f text CHECK (char_length(btrim(f)) = 10), g text CHECK (g ~ '^[a-z0-9]+(?:-[a-z0-9]+)*$'), h text CHECK (h SIMILAR TO '(foo|bar)[0-9]+'),
      i text UNIQUE CHECK (i ~ '^0x[0-9a-f]{40}$'), j text CHECK (j ~ '^[^@\\s]+@[^@\\s]+\\.[[:alpha:]]{2,}$'), k text CHECK (k !~ '\\s' AND k <> ''), l text CHECK (l::int > 5), m char(3) CHECK (m ~ '^[A-Z]{3}$'),
      n bytea UNIQUE CHECK (octet_length(n) = 32))`,
    holds: [noNull('t'), spread('t', 'b', ROWS), spread('t', 'i', ROWS), spread('t', 'n', ROWS)],
  },
  {
    name: 'columns compared with each other',
    sql: `CREATE TABLE t (s date NOT NULL, e date NOT NULL, CHECK (s < e), lo int, hi int, CHECK (lo <= hi), x int, y int, CHECK (x > y), late timestamptz, early timestamptz, CHECK (late > early))`,
    holds: [noNull('t')],
  },
  {
    name: 'NULL where a check needs it, and nowhere else',
    sql: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id serial PRIMARY KEY, a int REFERENCES p, b int REFERENCES p, c text, d text, CHECK (num_nonnulls(a, b, c) = 1));
      CREATE TABLE k (kind text NOT NULL, url text, body text, CHECK (kind = 'link' AND url IS NOT NULL AND body IS NULL OR kind = 'post' AND body IS NOT NULL AND url IS NULL))`,
    asked: ['t', 'k'],
    holds: [
      all('t', 'd IS NOT NULL'),
      spread('t', `CASE WHEN a IS NOT NULL THEN 1 WHEN b IS NOT NULL THEN 2 ELSE 3 END`, 3),
      spread('k', 'kind', 2),
    ],
  },
  {
    name: 'documents and arrays',
    sql: `CREATE TABLE t (j jsonb CHECK (jsonb_typeof(j) = 'object' AND j ? 'name'), k jsonb CHECK (jsonb_typeof(k) = 'array' AND jsonb_array_length(k) > 0), a text[] CHECK (a <@ ARRAY['r', 'w']),
      b int[] CHECK (array_length(b, 1) = 3), c text[] CHECK (cardinality(c) > 0))`,
    holds: [noNull('t')],
  },
  {
    name: 'moments',
    sql: `CREATE TABLE t (a date CHECK (extract(dow FROM a) = 1), b date CHECK (date_trunc('month', b) = b), c timestamptz CHECK (c > now()), d timestamptz CHECK (d <= now()), e timestamp CHECK (e >= '2030-05-01'))`,
    holds: [noNull('t')],
  },
  {
    name: 'checks over functions, which raise errors',
    sql: `CREATE FUNCTION good(t text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN t::int BETWEEN 5 AND 10; END $$; CREATE TABLE t (t text CHECK (good(t)))`,
    holds: [noNull('t')],
  },
  {
    name: 'domains over domains, in all places',
    sql: `CREATE DOMAIN small AS int NOT NULL CHECK (VALUE > 0 AND VALUE < 10); CREATE DOMAIN even AS small CHECK (VALUE % 2 = 0); CREATE DOMAIN mail AS text CHECK (VALUE ~ '^[^@ ]+@[^@ ]+$');
      CREATE TABLE t (a small, b even, c mail[], value mail UNIQUE CHECK (length(value) > 5))`,
    holds: [noNull('t'), spread('t', 'value', ROWS), spread('t', 'a', 5)],
  },
  {
    name: 'keys of few values',
    sql: `CREATE TABLE t (a bool, b varchar(1), c int CHECK (c BETWEEN 1 AND 3), UNIQUE (a, b, c)); CREATE TABLE one (id bool PRIMARY KEY DEFAULT true CHECK (id))`,
    few: { one: 'its unique keys or conditions take no more made-up rows' },
  },
  {
    name: 'partial, deferred and computed keys',
    sql: `CREATE TABLE t (org int NOT NULL, is_default bool NOT NULL, name text); CREATE UNIQUE INDEX ON t (org) WHERE is_default; CREATE UNIQUE INDEX ON t (lower(name));
      CREATE TABLE d (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v text UNIQUE DEFERRABLE)`,
    holds: [noNull('t'), spread('t', 'is_default', 2)],
  },
  {
    name: 'exclusion constraints',
    sql: `CREATE TABLE t (during tstzrange, EXCLUDE USING gist (during WITH &&)); CREATE TABLE c (c circle, EXCLUDE USING gist (c WITH &&))`,
  },
  {
    name: 'generated, identity and serial columns',
    sql: `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, key int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED, c text, d int GENERATED ALWAYS AS (c::int) STORED);
      CREATE TABLE only_id (id serial PRIMARY KEY); CREATE TABLE no_columns (); CREATE TABLE cast_index (j text); CREATE INDEX ON cast_index (((j::jsonb) ->> 'a'))`,
    holds: [noNull('t'), spread('t', 'key', ROWS), `(SELECT last_value = ${ROWS} FROM only_id_id_seq)`],
  },
  {
    name: 'partitions',
    sql: `CREATE TABLE r (id bigserial, ts timestamptz NOT NULL, v text, PRIMARY KEY (id, ts)) PARTITION BY RANGE (ts); CREATE TABLE r_jan PARTITION OF r FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
      CREATE TABLE r_feb PARTITION OF r FOR VALUES FROM ('2024-02-01') TO ('2024-03-01'); CREATE TABLE r_other PARTITION OF r DEFAULT;
      CREATE TABLE l (id int GENERATED ALWAYS AS IDENTITY, k text NOT NULL, v int) PARTITION BY LIST (k); CREATE TABLE l_a PARTITION OF l FOR VALUES IN ('a', 'b');
      CREATE TABLE l_c PARTITION OF l FOR VALUES IN ('c') PARTITION BY HASH (v); CREATE TABLE l_c0 PARTITION OF l_c FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE l_c1 PARTITION OF l_c FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      CREATE TABLE h (id int PRIMARY KEY, t text) PARTITION BY HASH (id); CREATE TABLE h_0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE h_1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      CREATE TABLE e (at timestamptz) PARTITION BY RANGE (date_trunc('day', at AT TIME ZONE 'UTC')); CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2024-01-02');
      CREATE TABLE child (id int PRIMARY KEY, h int NOT NULL REFERENCES h)`,
    asked: ['r', 'l', 'h', 'e', 'child'],
    holds: [
      `(SELECT count(*) = ${ROWS} FROM ONLY l_c1)`,
      spread('l_a', 'k', 2),
      all('r_other', `ts < '2024-01-01'`),
      spread('child', 'h', ROWS),
    ],
  },
  {
    name: 'inheritance',
    sql: `CREATE TABLE p (id int PRIMARY KEY, b text); CREATE TABLE c (more int) INHERITS (p); CREATE TABLE k (p int NOT NULL REFERENCES p)`,
    holds: [`(SELECT count(*) = ${ROWS} FROM ONLY p)`, `(SELECT bool_and(p IN (SELECT id FROM ONLY p)) FROM k)`],
  },
  {
    name: 'circles of keys',
    sql: `CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
      CREATE TABLE c (id serial PRIMARY KEY, d int NOT NULL); CREATE TABLE d (id serial PRIMARY KEY, c int NOT NULL REFERENCES c); ALTER TABLE c ADD FOREIGN KEY (d) REFERENCES d DEFERRABLE;
      CREATE TABLE self (id serial PRIMARY KEY, up int NOT NULL REFERENCES self, other int REFERENCES self, CHECK (other <> id))`,
    holds: [all('b', 'a IS NOT NULL'), spread('c', 'd', ROWS), all('self', 'up IS NOT NULL AND other IS NOT NULL')],
  },
  {
    name: 'keys of several columns that share some',
    sql: `CREATE TABLE tenant (id int PRIMARY KEY); CREATE TABLE u (tenant int REFERENCES tenant, id int, PRIMARY KEY (tenant, id)); CREATE TABLE p (tenant int REFERENCES tenant, id int, PRIMARY KEY (tenant, id));
      CREATE TABLE member (tenant int NOT NULL, u int NOT NULL, p int NOT NULL, FOREIGN KEY (tenant, u) REFERENCES u, FOREIGN KEY (tenant, p) REFERENCES p, PRIMARY KEY (tenant, u, p));
      CREATE TABLE whole (a int, b int, FOREIGN KEY (a, b) REFERENCES u MATCH FULL); CREATE TABLE one (id int PRIMARY KEY REFERENCES tenant)`,
    asked: ['member', 'whole', 'one'],
    holds: [noNull('member'), noNull('whole'), spread('one', 'id', ROWS)],
  },
  {
    name: 'triggers that raise, rules and row security',
    sql: `CREATE FUNCTION boom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; CREATE TABLE t (a int); CREATE TRIGGER b BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION boom();
      CREATE TABLE s (a int); ALTER TABLE s ENABLE ROW LEVEL SECURITY; ALTER TABLE s FORCE ROW LEVEL SECURITY; CREATE TABLE r (a int); CREATE RULE r AS ON INSERT TO r DO INSTEAD NOTHING;
      CREATE TABLE always (a int); CREATE TRIGGER b BEFORE INSERT ON always FOR EACH ROW EXECUTE FUNCTION boom(); ALTER TABLE always ENABLE ALWAYS TRIGGER b`,
    few: { always: 'a trigger or a function refuses made-up rows' },
  },
  {
    name: 'names in need of quotes',
    sql: `CREATE TABLE "We""ird 'T%" ("Col ""x' 1" text NOT NULL CHECK ("Col ""x' 1" IN ('a', 'b')), "select" int UNIQUE, s int, i int, n int, parent0 int)`,
    holds: [`(SELECT count(DISTINCT "Col ""x' 1") = 2 FROM "We""ird 'T%")`],
  },
  {
    name: 'what no row satisfies, and what depends on it',
    sql: `CREATE TABLE p (id int PRIMARY KEY CHECK (id > 5 AND id < 3)); CREATE TABLE c (p int NOT NULL REFERENCES p); CREATE TABLE n (p int REFERENCES p, t text)`,
    few: { p: 'no made-up row satisfies the check p_id_check', c: 'it needs rows of %s.p, which got none' },
    holds: [all('n', 'p IS NULL AND t IS NOT NULL')],
  },
]
