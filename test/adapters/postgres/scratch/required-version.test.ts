// What only a later PostgreSQL takes: each example on every major that is here, through the command that users run.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { check } from '../../../../src/commands/check/check.js'
import type { ScratchServer } from '../../../../src/ports/scratch.js'
import { makeFolder, type Folder } from '../../host/folder.js'
import { checkRequest, lent } from '../../../support/check.js'
import { worldIn } from '../../../support/live.js'
import { openServer, platformPackage } from '../../../support/server.js'

/** By the major that it came with. */
const EXAMPLES: readonly (readonly [number, string])[] = [
  [18, 'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)'],
  [18, 'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * (2 + 1)))'],
  [18, 'CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED)'],
  [18, 'CREATE TABLE t (a int, CONSTRAINT c NOT NULL a)'],
  [18, 'CREATE TABLE t (a int, NOT NULL a)'],
  [18, 'CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT "the c" NOT NULL a NOT VALID'],
  [18, 'CREATE TABLE t (a int); ALTER TABLE t ADD NOT NULL a'],
  [18, 'CREATE TABLE t (a int4range, b int4range, CONSTRAINT c PRIMARY KEY (a, b WITHOUT OVERLAPS))'],
  [18, 'CREATE TABLE t (a int); INSERT INTO t VALUES (1) RETURNING old.a, new.a'],
  [18, 'CREATE TABLE t (a int); INSERT INTO t VALUES (1) RETURNING WITH (OLD AS o) o.a'],
  [18, 'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) NOT NULL, c int)'],
  [18, 'CREATE TABLE t (a uuid DEFAULT uuidv7())'],
  [18, "SELECT casefold('A'), array_sort(ARRAY[2, 1]), crc32('a')"],
  [17, `SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a int PATH '$'))`],
  [17, `SELECT JSON_VALUE('{"a": 1}', '$.a'), JSON_SCALAR(1)`],
  [17, 'CREATE TABLE t (a int); GRANT MAINTAIN ON t TO PUBLIC'],
  [
    17,
    'CREATE TABLE t (a int); MERGE INTO t USING (VALUES (1)) AS s (a) ON t.a = s.a WHEN MATCHED THEN DELETE RETURNING t.a',
  ],
  [
    17,
    'CREATE TABLE t (a int); MERGE INTO t USING (VALUES (1)) AS s (a) ON t.a = s.a WHEN NOT MATCHED BY SOURCE THEN DELETE',
  ],
  [
    17,
    'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED); ALTER TABLE t ALTER COLUMN b SET EXPRESSION AS (a + 1)',
  ],
  [17, `SELECT JSON_VALUE(('{"a": 1}')::jsonb, '$.a' RETURNING int)`],
  [17, 'SELECT now() AT LOCAL'],
  [17, "CREATE COLLATION c (provider = builtin, locale = 'C')"],
  [
    17,
    'CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN MERGE INTO t USING t s ON true WHEN MATCHED THEN DELETE RETURNING t.a; END $$',
  ],
  [17, 'SELECT random(1, 10)'],
  [17, "SET LOCAL transaction_timeout = '5s'"],
  [16, 'SELECT * FROM (SELECT 1)'],
  [16, 'SELECT JSON_ARRAY(1, 2)'],
  [16, "SELECT '1' IS JSON"],
  [16, "SELECT JSON_OBJECT('a' VALUE 1), JSON_ARRAY(SELECT 1)"],
  [16, 'SELECT system_user'],
  [16, 'CREATE TABLE t (a text); ALTER TABLE t ALTER a SET STORAGE DEFAULT'],
  [16, 'SELECT any_value(1)'],
  [16, 'CREATE TABLE t (a text STORAGE EXTERNAL)'],
  [16, 'SELECT 1_000 + 1'],
  [16, 'SELECT array_shuffle(ARRAY[1])'],
  [15, 'CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT)'],
  [15, 'CREATE TABLE t (a int); MERGE INTO t USING (VALUES (1)) AS s (a) ON t.a = s.a WHEN MATCHED THEN DELETE'],
  [15, 'CREATE VIEW v WITH (security_invoker = true) AS SELECT 1'],
  [
    15,
    'CREATE TABLE t (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE u (a int, b int, FOREIGN KEY (a, b) REFERENCES t ON DELETE SET NULL (b))',
  ],
  [15, 'CREATE TABLE t (a int); ALTER TABLE t SET ACCESS METHOD heap'],
  [15, 'CREATE SCHEMA s; CREATE PUBLICATION p FOR TABLES IN SCHEMA s'],
  [15, 'CREATE TABLE t (a int PRIMARY KEY, b int); CREATE PUBLICATION q FOR TABLE t (a)'],
  [15, "SELECT regexp_like('a', 'a')"],
  [15, 'CREATE TABLE t (a int); WITH s AS (SELECT 1 AS a) MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE'],
  [15, 'CREATE TABLE t (a int); DO $$ BEGIN MERGE INTO t USING t s ON true WHEN MATCHED THEN DELETE; END $$'],
  [15, 'CREATE UNLOGGED SEQUENCE s'],
]

/** Where RETURNING is missing, MERGE is all that a server needs. */
const MERGE = 'MERGE INTO t USING (SELECT 1 AS a) s ON t.a = s.a WHEN MATCHED THEN UPDATE SET a = 3'

/** Faults of their own, beside words that a later major knows. */
const OWN: readonly string[] = [
  // In the same script, in front of and behind it.
  `CREATE TABLE t (a int); INSERT INTO t VALUES (1; ${MERGE} RETURNING t.a`,
  `CREATE TABLE t (a int); INSERT INTO t VALUES (1)\n${MERGE}`,
  `CREATE TABLE t (a int); ${MERGE.replace('USING', 'USNG')}`.replace('MERGE', 'INSERT'),
  '\\restrict abc\nSET transaction_timeout = 0',
  'SET transaction_timeoutt = 0',
  'DO $$ BEGIN SELEC 1; END $$; SET LOCAL transaction_timeout = 0',
  'CREATE TABLE t (a int,, b int GENERATED ALWAYS AS (a) VIRTUAL)',
  'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STOERD)',
  'CREATE TABLE t (a int UNIQE NULLS NOT DISTINCT)',
  'CREATE TABLE t (a int CHECK (a > 0) NOT ENFORCD)',
  "CREATE TABL t (a jsonb); SELECT JSON_VALUE(a, '$' RETURNING int) FROM t",
  "CREATE TABLE t (a int); DO $$ BEGIN EXECUTE 'SELEC 1'; PERFORM uuidv7(); END $$",
  'CREATE VIEW v WITH (security_invokr = true) AS SELECT 1',
  // The chain's own function, called wrongly.
  "CREATE FUNCTION crc32(a int, b int) RETURNS int LANGUAGE sql AS $$ SELECT a $$; SELECT crc32('a'::text, 1, 2)",
  // A word of a later PostgreSQL in a text, and the fault elsewhere.
  "SELECT 'a duty to maintain' FROM :schema_name.t",
  'CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START 1), b int NULL NULL NOT)',
  'CREATE TABLE t (a int CONSTRAINT c NOT NULL DEFAULT 5, b int NOT NOT NULL)',
  '-- MERGE INTO, VIRTUAL\nCREATE TALBE t (a int)',
  'SELECT nothing(1), 1 AS "casefold("',
  "INSERT INTO t VALUES ('VIRTUAL')",
  'CREATE TABLE t (a int); SELECT x FROM (SELECT 1) AS s; /* JSON_TABLE( */ SELEC 1; SELECT 1 AS "MERGE INTO"',
]

const folders: Folder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

const MAJORS = [14, 15, 16, 18]

describe.each(MAJORS)('PostgreSQL %s', (major) => {
  const place = platformPackage(`postgres-${major}`)
  const here = place === undefined ? test.skip : test
  let server: ScratchServer | undefined
  beforeAll(async () => {
    if (place !== undefined) server = await openServer(place)
  })
  afterAll(() => server?.close())

  /** What the server said of each text, as a migration of its own: `ok`, the environment's fault, or the words. */
  async function tried(texts: readonly string[]): Promise<readonly string[]> {
    const files = texts.flatMap((text, at) => {
      const name = `migrations/${String(at + 1).padStart(5, '0')}_a`
      return [
        [`${name}.up.sql`, `CREATE SCHEMA own${at};\nSET LOCAL search_path = own${at}, public;\n${text};\n`],
        [
          `${name}.down.sql`,
          `DROP PUBLICATION IF EXISTS p, q;\nDROP SCHEMA IF EXISTS s CASCADE;\nDROP SCHEMA own${at} CASCADE;\n`,
        ],
      ]
    })
    const folder = makeFolder(Object.fromEntries(files) as Readonly<Record<string, string>>)
    folders.push(folder)
    if (server === undefined) throw new Error('there is no server')
    const world = worldIn(folder.path, {}, { server: lent(server) })
    const { databases } = await check(checkRequest({ proof: 'guided' }), world)
    return (databases[0]?.migrations ?? []).map(({ proof }) =>
      proof?.up === 'ok' ? 'ok' : (proof?.failure?.environment ?? proof?.failure?.message ?? 'nothing'),
    )
  }

  here(
    `is reported as too old for newer syntax, and runs the rest (needs postgres-${major} in test/platforms)`,
    async () => {
      const results = await tried(EXAMPLES.map(([, text]) => text))
      expect(results.map((words, at) => [EXAMPLES[at]?.[1], words])).toEqual(
        EXAMPLES.map(([since, text]) => [
          text,
          since > major ? expect.stringMatching(`needs PostgreSQL ${since}, this server is ${major}$`) : 'ok',
        ]),
      )
    },
  )

  here(`is not blamed for the faults of a script (needs postgres-${major} in test/platforms)`, async () => {
    for (const words of await tried(OWN)) expect(words).not.toMatch(/^ok$|needs PostgreSQL/)
  })
})
