// Rarer steps than those of test/commands/release/losses.test.ts: what a plan says about data.
import { expect, test } from '@jest/globals'
import type { Loss } from '../../src/catalog/data-loss.js'
import { serverForTests } from '../support/live.js'
import { LOSING_STEPS } from '../support/losing-steps.js'
import { expectCounted } from '../support/losses-counted.js'
import { testWithDump as dumped } from '../support/with-dump.js'
import { pairOf, productionsForTests } from '../support/production.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)

dumped(`${String(LOSING_STEPS.length)} kinds of steps: plan, deploy, rollback and restore say what psql counts`, () =>
  expectCounted(LOSING_STEPS, makeProduction),
)

/** Up, down, and what the plan says; `0 values` were counted, `?` not. */
type Step = readonly [up: string, down: string, losses: readonly string[]]

const CODE_BASE = `CREATE EXTENSION IF NOT EXISTS citext;
CREATE TABLE payments (id int PRIMARY KEY, amount numeric(18,2) NOT NULL, a2 numeric(18,2), a3 numeric(18,2), a4 text, a5 bigint, a6 text, a7 json, a8 text, a9 numeric, b1 text, b2 text, b3 text, b4 text, b5 text, b6 text, c1 citext, g int GENERATED ALWAYS AS (id * 2) STORED, note text, paid_at timestamptz DEFAULT now());
CREATE TABLE payment_events (id int PRIMARY KEY, payment int);
CREATE VIEW pv AS SELECT id FROM payments;
CREATE SCHEMA shop; CREATE TABLE shop.items (id int PRIMARY KEY, n int); CREATE TABLE shop."Odd Name" (id int, "Wert" text);
CREATE TABLE t1 (id int PRIMARY KEY, n int); CREATE TABLE t2 (id int PRIMARY KEY, n int); CREATE TABLE t3 (id int PRIMARY KEY, n int); CREATE TABLE t4 (id int PRIMARY KEY, n int); CREATE TABLE t5 (id int PRIMARY KEY, n int); CREATE TABLE t6 (id int PRIMARY KEY, n int); CREATE TABLE t7(id int PRIMARY KEY, n int);CREATE TABLE t8(id int PRIMARY KEY, n int);CREATE TABLE t9(id int PRIMARY KEY, n int);
CREATE TABLE p1 (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE p2 (a int, b int, FOREIGN KEY (a, b) REFERENCES p1 ON DELETE SET DEFAULT);
CREATE TABLE audit (id serial, what text);
CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN INSERT INTO audit (what) VALUES ('UPDATE t5 SET'); RETURN OLD; END $f$;
CREATE TRIGGER logged AFTER DELETE ON t5 FOR EACH ROW EXECUTE FUNCTION log_it();
CREATE FUNCTION kill_more() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN DELETE FROM t7 WHERE id = OLD.id; RETURN OLD; END $f$;
CREATE TRIGGER more AFTER DELETE ON t6 FOR EACH ROW EXECUTE FUNCTION kill_more();
CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS $f$ INSERT INTO audit (what) VALUES ('x') $f$;
CREATE PROCEDURE clean() LANGUAGE plpgsql AS $f$ BEGIN UPDATE t8 SET n = 0; END $f$;
CREATE TABLE part (k int, v int) PARTITION BY LIST (k); CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1); CREATE TABLE part_2 PARTITION OF part FOR VALUES IN (2);`

const CODE_ROWS = `INSERT INTO payments (id,amount,a2,a3,a4,a5,a6,a7,a8,a9,b1,b2,b3,b4,b5,b6,c1,note) SELECT i, i+0.55, i+0.55, i, i::text, i*100, 'abcdefghij'||i, '{"a":1}', i::text, i+0.123, 'B'||i, 'b', 'b', 'b', 'b','b', 'Ab'||i, 'n' FROM generate_series(1,1000) i;
INSERT INTO payment_events SELECT i, i FROM generate_series(1,50) i;
INSERT INTO shop.items SELECT i, i FROM generate_series(1,5) i; INSERT INTO shop."Odd Name" SELECT i, 'x' FROM generate_series(1,6) i;
INSERT INTO t1 SELECT i, i FROM generate_series(1,10) i;INSERT INTO t2 SELECT i, i FROM generate_series(1,10) i;INSERT INTO t3 SELECT i, i FROM generate_series(1,10) i;INSERT INTO t4 SELECT i, i FROM generate_series(1,10) i;INSERT INTO t5 SELECT i, i FROM generate_series(1,10) i;INSERT INTO t6 SELECT i, i FROM generate_series(1,10) i;INSERT INTO t7 SELECT i, i FROM generate_series(1,10) i;INSERT INTO t8 SELECT i, i FROM generate_series(1,10) i;INSERT INTO t9 SELECT i, i FROM generate_series(1,10) i;
INSERT INTO p1 SELECT i, i FROM generate_series(1,10) i; INSERT INTO p2 SELECT i, i FROM generate_series(1,8) i;
INSERT INTO part SELECT 1 + i%2, i FROM generate_series(1,9) i;`

const CODE: readonly Step[] = [
  [
    `ALTER TABLE payments ALTER a5 TYPE smallint;`,
    `SELECT 1;`,
    [`? values of payments.a5 by its type (some values do not fit, so the step fails (22003))`],
  ],
  [`ALTER TABLE payments ALTER a8 TYPE varchar(2);`, `SELECT 1;`, [`0 values of payments.a8 by its type`]],
  [
    `INSERT INTO t9 (id, n) VALUES (3, 3), (4, 40), (99, 1) ON CONFLICT (id) DO UPDATE SET n = excluded.n;`,
    `SELECT 1;`,
    [`1 values of t9.n by INSERT`],
  ],
  [
    `INSERT INTO t9 AS t SELECT i, i * 2 FROM generate_series(100, 110) i ON CONFLICT (id) DO UPDATE SET n = t.n + excluded.n WHERE t.n > 5 RETURNING *;`,
    `SELECT 1;`,
    [`? values of t9.n by INSERT (00004_m changes its rows first)`],
  ],
  [
    `MERGE INTO t8 USING t9 ON t8.id = t9.id WHEN MATCHED THEN UPDATE SET n = 1;`,
    `SELECT 1;`,
    [`? rows of t8 by MERGE (MERGE decides row by row)`],
  ],
  [
    `ALTER TABLE payments ALTER amount TYPE numeric(10,1);`,
    `ALTER TABLE payments ALTER amount TYPE numeric(18,2);`,
    [`1000 values of payments.amount by its type`],
  ],
  [
    `ALTER TABLE IF EXISTS ONLY "public"."payments" ALTER COLUMN "a2" SET DATA TYPE int USING (a2 * 100)::int;`,
    `ALTER TABLE payments ALTER a2 TYPE numeric(18,2) USING a2::numeric / 100;`,
    [`0 values of payments.a2 by its type`],
  ],
  [
    `ALTER TABLE payments ALTER COLUMN a3 TYPE int, DROP COLUMN note, ALTER COLUMN b1 TYPE text USING lower(b1);`,
    `SELECT 1;`,
    [`1000 values of payments.note`, `0 values of payments.a3 by its type`, `1000 values of payments.b1 by its type`],
  ],
  [
    `DO $$ BEGIN EXECUTE format('ALTER TABLE %I ALTER COLUMN a9 TYPE int', 'payments'); END $$;`,
    `SELECT 1;`,
    [`? values of payments.a9 by its type (code that was not looked into converts them)`],
  ],
  [
    `ALTER TABLE payments ALTER a6 TYPE varchar(5) USING substr(a6, 1, 5);`,
    `SELECT 1;`,
    [`1000 values of payments.a6 by its type`],
  ],
  [
    `ALTER TABLE payments ALTER a7 TYPE jsonb;`,
    `ALTER TABLE payments ALTER a7 TYPE json;`,
    [`1000 values of payments.a7 by its type`],
  ],
  [
    `ALTER TABLE payments ALTER a4 TYPE int USING a4::int;`,
    `ALTER TABLE payments ALTER a4 TYPE text;`,
    [`0 values of payments.a4 by its type`],
  ],
  [
    `ALTER TABLE payments ALTER c1 TYPE text USING lower(c1::text);`,
    `SELECT 1;`,
    [`1000 values of payments.c1 by its type`],
  ],
  [
    `DELETE FROM payment_events WHERE payment IN (SELECT id FROM payments WHERE id < 11);`,
    `SELECT 1;`,
    [`10 rows of payment_events by DELETE`],
  ],
  [
    `DELETE FROM t1 WHERE random() < 0.5;`,
    `SELECT 1;`,
    [`? rows of t1 by DELETE (its result is another one each time: random())`],
  ],
  [
    `UPDATE public.payments AS p SET (b2, b3) = ('x', NULL) WHERE p.id <= 100 /* WHERE */ RETURNING *;`,
    `SELECT 1;`,
    [`100 values of payments.b2 by UPDATE`, `100 values of payments.b3 by UPDATE`],
  ],
  [
    `UPDATE payments SET (b4, b5) = (SELECT 'x', 'y') WHERE id <= 100;`,
    `SELECT 1;`,
    [`100 values of payments.b4 by UPDATE`, `100 values of payments.b5 by UPDATE`],
  ],
  [
    `DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 AS x WHERE false LOOP UPDATE t2 SET n = r.x; END LOOP; END $$;`,
    `SELECT 1;`,
    [`? rows of t2 by code (a DO block changes them)`],
  ],
  [
    `DO $$ BEGIN EXECUTE format('UPDATE %I SET n = 0', 't3'); END $$;`,
    `SELECT 1;`,
    [`? rows of t3 by code (code that was not looked into changes them)`, `? a DO block (not looked into)`],
  ],
  [
    `DO $do$ BEGIN IF EXISTS (SELECT 1 FROM t4) THEN DELETE FROM t4 WHERE n > 3; END IF; END $do$;`,
    `SELECT 1;`,
    [`? rows of t4 by code (a DO block changes them)`],
  ],
  [
    `SELECT setval('audit_id_seq', 5); SELECT pg_catalog.set_config('x.y', 'z', false); SELECT fill();`,
    `SELECT 1;`,
    [],
  ],
  [`CALL clean();`, `SELECT 1;`, [`? rows of t8 by code (function clean changes them)`]],
  [`DELETE FROM t5 WHERE id <= 3;`, `SELECT 1;`, [`3 rows of t5 by DELETE`]],
  [
    `DELETE FROM t6 WHERE id <= 4;`,
    `SELECT 1;`,
    [`4 rows of t6 by DELETE`, `? rows of t7 by code (trigger more changes them)`],
  ],
  [
    `DELETE FROM pv WHERE id = 999;`,
    `SELECT 1;`,
    [
      `? rows of pv by DELETE (public.pv is a view)`,
      `? rows of payments by code (code that was not looked into changes them)`,
    ],
  ],
  [
    `DELETE FROM p1 WHERE a <= 5;`,
    `SELECT 1;`,
    [
      `5 rows of p1 by DELETE`,
      `5 values of p2.a by ON DELETE SET DEFAULT`,
      `5 values of p2.b by ON DELETE SET DEFAULT`,
    ],
  ],
  [`TRUNCATE part;`, `SELECT 1;`, [`4 rows of part_1 by TRUNCATE`, `5 rows of part_2 by TRUNCATE`]],
  [`SET search_path = shop; DELETE FROM items WHERE n > 2;`, `SELECT 1;`, [`3 rows of shop.items by DELETE`]],
  [
    `SET search_path = public; UPDATE shop."Odd Name" SET "Wert" = NULL WHERE id < 4;`,
    `SELECT 1;`,
    [`3 values of shop."Odd Name"."Wert" by UPDATE`],
  ],
  [
    `ALTER TABLE t9 RENAME TO t9b; ALTER TABLE t9b RENAME COLUMN n TO m;`,
    `ALTER TABLE t9b RENAME COLUMN m TO n; ALTER TABLE t9b RENAME TO t9;`,
    [],
  ],
  [
    `UPDATE t9b SET m = NULL WHERE m > 5;`,
    `SELECT 1;`,
    [`? values of t9b.m by UPDATE (00004_m changes its rows first)`],
  ],
  [`DELETE FROM t9b WHERE id = 1;`, `SELECT 1;`, [`1 rows of t9b by DELETE`]],
  [`ALTER TABLE t9b DROP COLUMN m;`, `SELECT 1;`, [`? values of t9b.m (00004_m changes its rows first)`]],
  [`CREATE TABLE fresh AS SELECT * FROM payments; DELETE FROM fresh; DROP TABLE fresh;`, `SELECT 1;`, []],
  [
    `ALTER TABLE payments DROP COLUMN g;`,
    `ALTER TABLE payments ADD COLUMN g int GENERATED ALWAYS AS (id * 2) STORED;`,
    [],
  ],
  [
    `BEGIN; UPDATE payments SET b6 = 'c' WHERE id % 2 = 0; COMMIT;`,
    `SELECT 1;`,
    [`? values of payments.b6 by UPDATE (00026_m changes its rows first)`],
  ],
  [
    `DROP EXTENSION citext CASCADE; DROP SCHEMA shop CASCADE;`,
    `SELECT 1;`,
    [`? rows of shop.items (00029_m changes its rows first)`, `6 rows of shop."Odd Name"`],
  ],
]

const SHAPES_BASE = `CREATE TYPE addr AS (street text, town text); CREATE TYPE mood AS ENUM ('a','b'); CREATE DOMAIN money2 AS numeric(18,2);
CREATE TABLE pay (id int PRIMARY KEY, k int NOT NULL, amount numeric(18,2), old text, home addr, m mood, d money2, g int GENERATED ALWAYS AS (k+1) STORED, ts timestamp, tz timestamptz, r real, f double precision, c char(8), ip inet, arr int[], u text);
CREATE TABLE "Mixed Case" ("Id" int PRIMARY KEY, "Name" text); CREATE TABLE "child Of" (id int PRIMARY KEY, "Parent" int REFERENCES "Mixed Case" ON DELETE CASCADE);
CREATE TABLE big (day date NOT NULL, amount numeric(18,2), note text) PARTITION BY RANGE (day);
CREATE TABLE big_1 PARTITION OF big FOR VALUES FROM ('2026-01-01') TO ('2026-02-01'); CREATE TABLE big_2 PARTITION OF big FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE a1 (id int PRIMARY KEY); CREATE TABLE a2 (id int PRIMARY KEY, a1 int REFERENCES a1); CREATE TABLE swap_old (id int, v text); CREATE TABLE swap_new (id int, v text);
CREATE TABLE handy (id int PRIMARY KEY); CREATE TABLE locked (id int); ALTER TABLE locked ENABLE ROW LEVEL SECURITY;
CREATE TABLE acc (id int PRIMARY KEY); CREATE TABLE tr (id int PRIMARY KEY, a int REFERENCES acc ON DELETE CASCADE, b int REFERENCES acc ON DELETE CASCADE);
CREATE TABLE da (id int PRIMARY KEY); CREATE TABLE db (id int PRIMARY KEY, a int REFERENCES da ON DELETE CASCADE); CREATE TABLE dc (id int PRIMARY KEY, a int REFERENCES da ON DELETE CASCADE); CREATE TABLE dd (id int PRIMARY KEY, b int REFERENCES db ON DELETE CASCADE, c int REFERENCES dc ON DELETE CASCADE);
CREATE TABLE ca (id int PRIMARY KEY, c int); CREATE TABLE cb (id int PRIMARY KEY, a int REFERENCES ca ON DELETE CASCADE); ALTER TABLE ca ADD FOREIGN KEY (c) REFERENCES cb ON DELETE CASCADE;
CREATE TABLE par (id int); CREATE TABLE heir (x int) INHERITS (par);
CREATE TABLE q1 (id int PRIMARY KEY, n text); CREATE TABLE q2 (id int PRIMARY KEY, n text);CREATE TABLE q3 (id int PRIMARY KEY, n text);CREATE TABLE q4 (id int PRIMARY KEY, n text);`

const SHAPES_ROWS = `INSERT INTO pay (id,k,amount,old,home,m,d,ts,tz,r,f,c,ip,arr,u) SELECT i, i, i+0.5, 'o'||i, ROW('s', CASE WHEN i%2=0 THEN 't' END)::addr, 'a', i+0.25, '2026-01-01 10:00:00.5', '2026-01-01 10:00:00.5Z', i+0.1, i+0.1, 'ab', '10.0.0.1', ARRAY[i], 'U'||i FROM generate_series(1,200) i;
INSERT INTO "Mixed Case" SELECT i, 'n' FROM generate_series(1,10) i; INSERT INTO "child Of" SELECT i, 1+i%10 FROM generate_series(1,30) i;
INSERT INTO big SELECT '2026-01-01'::date + i%59, i+0.5, 'n' FROM generate_series(0,589) i;
INSERT INTO a1 SELECT generate_series(1,4); INSERT INTO a2 SELECT i, i FROM generate_series(1,3) i; INSERT INTO swap_old SELECT i,'x' FROM generate_series(1,12) i;
INSERT INTO handy SELECT generate_series(1,5); CREATE TABLE byhand (h int REFERENCES handy ON DELETE CASCADE); INSERT INTO byhand SELECT 1+i%5 FROM generate_series(1,20) i; INSERT INTO locked SELECT generate_series(1,6);
INSERT INTO acc SELECT generate_series(1,10); INSERT INTO tr SELECT i, 1+i%10, 1+i%7 FROM generate_series(1,100) i;
INSERT INTO da SELECT generate_series(1,10); INSERT INTO db SELECT i, 1+i%10 FROM generate_series(1,20) i; INSERT INTO dc SELECT i, 1+i%10 FROM generate_series(1,20) i; INSERT INTO dd SELECT i, 1+i%20, 1+i%13 FROM generate_series(1,60) i; INSERT INTO ca SELECT i FROM generate_series(1,4) i; INSERT INTO cb SELECT i,i FROM generate_series(1,4) i;
INSERT INTO par SELECT generate_series(1,3); INSERT INTO heir SELECT i,i FROM generate_series(1,4) i;
INSERT INTO q1 SELECT i,'x' FROM generate_series(1,9) i;INSERT INTO q2 SELECT i,'x' FROM generate_series(1,9) i;INSERT INTO q3 SELECT i,'x' FROM generate_series(1,9) i;INSERT INTO q4 SELECT i,'x' FROM generate_series(1,9) i;`

const SHAPES: readonly Step[] = [
  [`ALTER TABLE pay ADD COLUMN fresh text;`, `SELECT 1;`, []],
  [`UPDATE pay SET fresh = old;`, `SELECT 1;`, []],
  [`ALTER TABLE pay DROP COLUMN old;`, `SELECT 1;`, [`200 values of pay.old`]],
  [`ALTER TYPE addr DROP ATTRIBUTE town;`, `SELECT 1;`, [`100 values of pay.home.town`]],
  [`ALTER TYPE mood RENAME VALUE 'a' TO 'z';`, `SELECT 1;`, []],
  [`ALTER TABLE pay ALTER d TYPE int USING d::int;`, `SELECT 1;`, [`200 values of pay.d by its type`]],
  [
    `ALTER TABLE pay ALTER ts TYPE timestamp(0), ALTER tz TYPE timestamp USING tz AT TIME ZONE 'UTC';`,
    `ALTER TABLE pay ALTER tz TYPE timestamptz USING tz AT TIME ZONE 'UTC', ALTER ts TYPE timestamp;`,
    [`200 values of pay.ts by its type`, `0 values of pay.tz by its type`],
  ],
  [
    `ALTER TABLE pay ALTER f TYPE real; ALTER TABLE pay ALTER r TYPE double precision;`,
    `SELECT 1;`,
    [`200 values of pay.f by its type`],
  ],
  [
    `ALTER TABLE pay ALTER c TYPE text; ALTER TABLE pay ALTER ip TYPE text; ALTER TABLE pay ALTER arr TYPE bigint[];`,
    `SELECT 1;`,
    [`0 values of pay.c by its type`, `0 values of pay.arr by its type`],
  ],
  [
    `DELETE FROM "Mixed Case" WHERE "Id" <= 3;`,
    `SELECT 1;`,
    [`3 rows of "Mixed Case" by DELETE`, `9 rows of "child Of" by ON DELETE CASCADE`],
  ],
  [
    `ALTER TABLE big ALTER COLUMN amount TYPE int;`,
    `ALTER TABLE big ALTER COLUMN amount TYPE numeric(18,2);`,
    [`310 values of big_1.amount by its type`, `280 values of big_2.amount by its type`],
  ],
  [`ALTER TABLE big DROP COLUMN note;`, `SELECT 1;`, [`310 values of big_1.note`, `280 values of big_2.note`]],
  [`DROP TABLE a1, a2;`, `SELECT 1;`, [`4 rows of a1`, `3 rows of a2`]],
  [
    `ALTER TABLE swap_old RENAME TO swap_older; ALTER TABLE swap_new RENAME TO swap_old; INSERT INTO swap_old SELECT * FROM swap_older;`,
    `SELECT 1;`,
    [],
  ],
  [`DROP TABLE swap_older;`, `SELECT 1;`, [`12 rows of swap_older`]],
  [
    `DELETE FROM handy WHERE id < 3;`,
    `SELECT 1;`,
    [`2 rows of handy by DELETE`, `8 rows of byhand by ON DELETE CASCADE`],
  ],
  [`DELETE FROM locked;`, `SELECT 1;`, [`6 rows of locked by DELETE`]],
  [`DELETE FROM acc WHERE id < 4;`, `SELECT 1;`, [`3 rows of acc by DELETE`, `60 rows of tr by ON DELETE CASCADE`]],
  [
    `DELETE FROM da WHERE id < 3;`,
    `SELECT 1;`,
    [
      `2 rows of da by DELETE`,
      `4 rows of db by ON DELETE CASCADE`,
      `4 rows of dc by ON DELETE CASCADE`,
      `20 rows of dd by ON DELETE CASCADE`,
    ],
  ],
  [
    `DELETE FROM ca WHERE id = 1;`,
    `SELECT 1;`,
    [
      `? rows of ca by DELETE (the tables refer to each other in a circle)`,
      `? rows of cb by ON DELETE CASCADE (the tables refer to each other in a circle)`,
    ],
  ],
  [`DELETE FROM par;`, `SELECT 1;`, [`7 rows of par by DELETE`]],
  [`DO $$ BEGIN TRUNCATE q1; PERFORM pg_sleep(0); END $$;`, `SELECT 1;`, [`9 rows of q1 by TRUNCATE`]],
  [
    `DELETE FROM q2 WHERE id = 1; DELETE FROM q2 WHERE id = 2;`,
    `SELECT 1;`,
    [`1 rows of q2 by DELETE`, `? rows of q2 by DELETE (an earlier statement changes its rows first)`],
  ],
  [`DELETE FROM q3 WHERE id < 4; TRUNCATE q3;`, `SELECT 1;`, [`9 rows of q3 by TRUNCATE`]],
  [
    `DELETE FROM q4 USING q2 WHERE q2.id = q4.id;`,
    `SELECT 1;`,
    [`? rows of q4 by DELETE (00024_m changes its rows first)`],
  ],
  [`UPDATE q4 SET n = 'x';`, `SELECT 1;`, [`? values of q4.n by UPDATE (00026_m changes its rows first)`]],
  [`UPDATE pay SET u = upper(u) WHERE u ~ '^U1';`, `SELECT 1;`, [`0 values of pay.u by UPDATE`]],
  [
    `ALTER TABLE pay ALTER COLUMN u TYPE varchar(2) USING u::varchar(2);`,
    `SELECT 1;`,
    [`? values of pay.u by its type (00028_m changes its rows first)`],
  ],
]

/** `10 rows of users by DELETE`. */
function said(loss: Loss): string {
  const why = loss.why === undefined ? '' : ` (${loss.why})`
  if (loss.kind === 'code') return `? ${loss.code}${why}`
  const table = loss.table.replace('public.', '')
  const by = loss.kind === 'written' ? ` by ${loss.verb}` : loss.kind === 'type' ? ' by its type' : ''
  if (!('column' in loss)) return `${loss.rows ?? '?'} rows of ${table}${by}${why}`
  return `${loss.values ?? '?'} values of ${table}.${loss.column}${by}${why}`
}

/** Steps that the plan refuses, because they fail on rows: 673 of 1,000 are above 32,767, and 901 have three digits or more. */
const CODE_REFUSED = [
  'core_db: 00002_m: payments: fails on its rows: 673 rows have a value in a5 that is out of range (SQLSTATE 22003)',
  'core_db: 00003_m: payments: fails on its rows: 901 rows have a value in a8 that is too long (SQLSTATE 22001)',
]

test.each([
  ['statements and code', CODE_BASE, CODE_ROWS, CODE, CODE_REFUSED],
  ['shapes of tables and keys', SHAPES_BASE, SHAPES_ROWS, SHAPES, []],
] as const)('%s', async (_, base, rows, steps, refused) => {
  const files = steps.map(([up, down], at) => pairOf('core_db', String(at + 2).padStart(5, '0'), up, down))
  const at = await makeProduction(
    Object.assign({}, pairOf('core_db', '00001', base, 'SELECT 1;'), ...files) as Readonly<Record<string, string>>,
  )
  expect(await at.upTo('00001')).toMatchObject({ verdict: 'pass' })
  await at.databases['core_db']?.query(rows)
  const plan = await at.plan()
  expect(plan.approval?.refused.map(({ what }) => what)).toEqual(refused)
  const found = plan.targets[0]?.ahead?.steps.map(({ losses }, i) => [steps[i]?.[0], losses.map(said)])
  expect(found).toEqual(steps.map(([up, , losses]) => [up, losses]))
})
