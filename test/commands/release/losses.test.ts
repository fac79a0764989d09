// What plan, deploy, rollback and restore say about data is what psql counts: steps of every kind on 30,000 payments.
import { describe, expect } from '@jest/globals'
import { renderJson } from '../../../src/render/json.js'
import { testWithDump as test } from '../../support/with-dump.js'
import { plan } from '../../../src/commands/release/plan.js'
import { LIVE_OPTIONS, serverForTests, worldIn } from '../../support/live.js'
import { LOSING_STEPS } from '../../support/losing-steps.js'
import { expectCounted } from '../../support/losses-counted.js'
import { pairOf, productionsForTests, rules } from '../../support/production.js'
import type { LiveReport } from '../../../src/report/run-report.js'

type Files = Readonly<Record<string, string>>

const live = serverForTests()
const makeProduction = productionsForTests(live)

/** The versions that a refusal asks to accept. */
const acceptable = ({ approval }: LiveReport): readonly string[] =>
  approval?.refused.flatMap(({ rule, fix }) =>
    rule === 'irreversible' ? [/irreversible (\d+)/.exec(fix)?.[1] ?? fix] : [],
  ) ?? []

/** A down that is not empty, and brings nothing back. */
const idle = 'SELECT pg_sleep(0);'

/** The others are in test/long/losses.test.ts. */
const COMMON = new Set([
  'numeric(18,2) to integer',
  'a DO block with DELETE and UPDATE',
  'a renamed table',
  'a DELETE that cascades over two tables, and sets null in a third',
  'a TRUNCATE',
  'a new column that is filled from another',
  'a conversion that the down turns back',
])

test('what plan, deploy, rollback and restore say about data is what psql counts', () =>
  expectCounted(
    LOSING_STEPS.filter(({ name }) => COMMON.has(name)),
    makeProduction,
  ))

test('a rollback says what the up has removed, by what it did and by its code', async () => {
  const rows = (at: number, up: string, down = idle): Files => pairOf('core_db', String(at).padStart(5, '0'), up, down)
  const at = await makeProduction({
    ...rows(
      1,
      `CREATE TABLE a (id int PRIMARY KEY, n numeric(9,2), note text, k varchar(9), e text); CREATE TABLE b (id int PRIMARY KEY);
CREATE TABLE w (part numeric, at timestamptz, big bigint, day date, word text, flag boolean);
CREATE FUNCTION tidy() RETURNS void LANGUAGE sql AS $f$ DELETE FROM b $f$;
CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS $f$ INSERT INTO b VALUES (5) $f$;`,
    ),
    ...rows(2, `UPDATE a SET note = 'x' WHERE id > 3;`),
    ...rows(3, 'ALTER TABLE a ADD COLUMN m text; UPDATE a SET m = note;', 'ALTER TABLE a DROP COLUMN m;'),
    ...rows(4, 'DO $$ BEGIN IF true THEN DELETE FROM b; END IF; END $$;'),
    ...rows(5, 'SELECT tidy();'),
    ...rows(6, 'SELECT fill();'),
    ...rows(7, 'ALTER TABLE a ALTER n TYPE int;', 'ALTER TABLE a ALTER n TYPE numeric(9,2);'),
    ...rows(8, 'ALTER TABLE a ALTER k TYPE text;', 'ALTER TABLE a ALTER k TYPE varchar(9);'),
    ...rows(9, 'ALTER TABLE a ALTER e TYPE text USING lower(e);'),
    ...rows(10, `DO $$ BEGIN EXECUTE 'ALTER TABLE a DROP COLUMN note'; END $$;`, 'ALTER TABLE a ADD COLUMN note text;'),
    ...rows(11, 'CREATE TABLE c (id int); INSERT INTO c VALUES (1); DELETE FROM c;', 'DROP TABLE c;'),
    ...rows(12, 'ALTER TABLE b RENAME TO d; DELETE FROM d;', 'ALTER TABLE d RENAME TO b;'),
    ...rows(
      13,
      `DO $$ BEGIN EXECUTE (SELECT string_agg(format('DROP TABLE %I', x), ';') FROM unnest(ARRAY['none']) x WHERE false); EXCEPTION WHEN null_value_not_allowed THEN NULL; END $$;`,
    ),
    ...rows(14, 'CREATE INDEX i ON a (n);', 'DROP INDEX i;'),
    ...rows(
      15,
      'ALTER TABLE w ALTER part TYPE numeric(20,1), ALTER at TYPE timestamptz(0);',
      'ALTER TABLE w ALTER part TYPE numeric, ALTER at TYPE timestamptz;',
    ),
    // These keep each value, or fail.
    ...rows(
      16,
      'ALTER TABLE w ALTER big TYPE int, ALTER day TYPE timestamp, ALTER word TYPE varchar(9), ALTER flag TYPE int USING flag::int;',
      'ALTER TABLE w ALTER big TYPE bigint, ALTER day TYPE date, ALTER word TYPE text, ALTER flag TYPE boolean USING flag::boolean;',
    ),
  })
  await at.upTo('00006')
  await at.databases['core_db']?.query(`INSERT INTO a SELECT i, 0.5, 'note', 'k', 'E' FROM generate_series(1, 5) i`)
  expect(acceptable(await at.deploy({ to: '00011' }))).toEqual(['00007', '00009', '00010'])
  expect(rules(await at.deploy({ to: '00011', irreversible: ['7', '00009'] }))).toEqual(['irreversible'])
  await at.upTo('00016')
  const stated = await at.rollback({ to: '00001', confirm: 'core_db 00001' })
  const removed = (words: string): string => `its up can remove data that no down restores (${words})`
  expect(
    Object.fromEntries(
      stated.targets[0]?.ahead?.steps.map(({ id, irreversible }) => [Number(id.slice(0, 5)), irreversible]) ?? [],
    ),
  ).toEqual({
    2: removed('UPDATE'),
    4: removed('a DO block'),
    5: removed('function tidy'),
    7: removed('a narrower type'),
    9: removed('USING'),
    10: removed('DROP COLUMN'),
    12: removed('DELETE'),
    15: removed('a narrower type'),
  })
})

describe('a deploy asks to accept', () => {
  const LOSES: readonly string[] = [
    `UPDATE a SET note = 'z' WHERE id < 3;`,
    `DO $$ BEGIN IF EXISTS (SELECT FROM a) THEN UPDATE a SET made = 'y', note = 'x'; END IF; END $$;`,
    `CREATE FUNCTION fill() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN UPDATE a SET note = 'r'; END $f$; SELECT fill(); DROP FUNCTION fill();`,
    `CREATE FUNCTION fill() RETURNS void BEGIN ATOMIC UPDATE a SET note = 'r'; END; SELECT fill(); DROP FUNCTION fill();`,
    `CREATE PROCEDURE fill() LANGUAGE 'plpgsql' AS $$ BEGIN UPDATE public.a SET note = 'r'; END $$; CALL fill(); DROP PROCEDURE fill();`,
    `UPDATE touched SET made = 1;`,
    'SELECT lo_unlink(oid) FROM pg_largeobject_metadata;',
    `DO $$ BEGIN FOR i IN 1..2 LOOP UPDATE touched SET made = i; END LOOP; END $$;`,
  ]
  const LOSES_NOTHING: readonly string[] = [
    'ALTER TABLE a ADD COLUMN made text; ALTER TABLE touched ADD COLUMN made int;',
    `UPDATE a SET made = note;`,
    `DO $$ BEGIN LOOP UPDATE a SET made = 'x' WHERE id IN (SELECT id FROM a WHERE made IS DISTINCT FROM 'x' LIMIT 2); EXIT WHEN NOT FOUND; END LOOP; END $$;`,
    `CREATE FUNCTION fill() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN UPDATE a SET made = 'r' WHERE made IS NULL; END $f$; SELECT fill(); DROP FUNCTION fill();`,
    `WITH x AS (SELECT id FROM a) UPDATE a SET made = 'w' FROM x WHERE x.id = a.id;`,
    `INSERT INTO a (id, made) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET made = excluded.made;`,
    `ALTER TABLE a ADD COLUMN n int NOT NULL DEFAULT 0; UPDATE a SET n = id; ALTER TABLE a ALTER n DROP DEFAULT;`,
    'CREATE TABLE c (id int); INSERT INTO c SELECT id FROM a; DELETE FROM c WHERE id > 2;',
    `UPDATE a SET note = 'z' WHERE id > 100;`,
    `DELETE FROM b;`,
    'ALTER TABLE a ALTER k TYPE varchar(5);',
    'ALTER TABLE a DROP COLUMN empty;',
  ]

  test('what loses data or may lose it, and nothing else', async () => {
    const steps = [...LOSES_NOTHING, ...LOSES]
    const base = `CREATE TABLE a (id int PRIMARY KEY, note text, empty text, k varchar(9)); CREATE TABLE b (id int);
CREATE TABLE touched (id int, at timestamptz DEFAULT now());
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN NEW.at := now(); RETURN NEW; END $f$;
CREATE TRIGGER touch BEFORE UPDATE ON touched FOR EACH ROW EXECUTE FUNCTION touch();`
    const at = await makeProduction(
      Object.assign(
        pairOf('core_db', '00001', base, idle),
        ...steps.map((up, i) => pairOf('core_db', String(i + 2).padStart(5, '0'), up, idle)),
      ) as Files,
    )
    await at.upTo('00001')
    await at.databases['core_db']?.query(`INSERT INTO a SELECT i, 'note', NULL, 'k' FROM generate_series(1, 5) i;
INSERT INTO touched SELECT 1`)
    const report = await at.deploy()
    expect(acceptable(report).map((version) => steps[Number(version) - 2])).toEqual(LOSES)
  })
})

test('a role that may only read counts what it may read', async () => {
  const at = await makeProduction({
    ...pairOf('core_db', '00001', 'CREATE TABLE a (id int); CREATE TABLE b (id int);', 'DROP TABLE a; DROP TABLE b;'),
    ...pairOf('core_db', '00002', `DELETE FROM a WHERE id > 2; DELETE FROM b; SELECT 'a secret value';`, idle),
  })
  await at.upTo('00001')
  const role = `reader_${String(Date.now())}`
  const database = at.databases['core_db']
  await database?.query(`INSERT INTO a SELECT generate_series(1, 5); INSERT INTO b SELECT 1;
CREATE ROLE ${role} LOGIN; GRANT SELECT ON a, schema_migrations TO ${role};`)
  try {
    const dsn = (at.dsns['CORE_DB_DSN'] ?? '').replace(/user='[^']*'/, `user='${role}'`)
    const report = await plan(
      {
        ...LIVE_OPTIONS,
        command: 'plan',
        environment: 'production',
        proof: 'guided',
        to: undefined,
        late: 'refuse',
        existing: 'refuse',
        expires: undefined,
      },
      worldIn(at.folder.path, { CORE_DB_DSN: dsn }, { server: live.server }),
    )
    expect(report.targets[0]?.ahead?.steps.map(({ losses }) => losses)).toEqual([
      [
        { kind: 'written', verb: 'DELETE', table: 'public.a', rows: 3, values: undefined },
        {
          kind: 'written',
          verb: 'DELETE',
          table: 'public.b',
          rows: undefined,
          values: undefined,
          why: 'the role may not read it',
        },
      ],
    ])
    expect(renderJson(report)).not.toContain('secret value')
  } finally {
    await database?.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  }
})
