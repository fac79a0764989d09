// Whose fault a failure is: chains on a real server, in which each step is one situation, beside those that look alike.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Migration } from '../../src/model/migration.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import type { MigrationReport } from '../../src/report/check-report.js'
import { migration, repeatable } from '../support/migrations.js'
import { proveChain } from '../support/prove.js'
import { openServer } from '../support/server.js'

/** A step as its up and its down, or a migration in Go with its text. */
type Step = readonly [up: string, down: string] | { readonly code: string }

/** What the step shows, the step, and how it ends: see `outcome`. */
type Row = readonly [what: string, step: Step, outcome: string]

/** No server has this extension. */
const ACME = 'CREATE EXTENSION acme_types'
const BROKEN = 'CREATE TABLE broken (id int,, x int)'
/** The down of a step whose up fails. */
const NONE = 'SELECT 1'

const CODE = { code: 'package migrations' }

const table = (name: string, columns = 'a int, n int'): Step => [
  `CREATE TABLE ${name} (${columns})`,
  `DROP TABLE ${name}`,
]

const idOf = (at: number): string => String(at).padStart(5, '0')

const stepOf = (step: Step, at: number): Migration =>
  'code' in step
    ? {
        ...migration({ version: idOf(at), name: 'step', up: '', down: undefined }),
        up: undefined,
        code: `${idOf(at)}.go`,
        codeText: step.code,
      }
    : migration({ version: idOf(at), name: 'step', up: step[0], down: step[1] })

/**
 * `ok`, `not run`, or what failed and who is at fault: `up: own`, `down: follows` and the step, `up: server`. A down that
 * leaves something is `differs`.
 */
function outcome({ proof }: MigrationReport, nameOf: (at: number) => string = String): string {
  if (proof === undefined || proof.up === 'not run') return 'not run'
  const { failure } = proof
  const left = proof.down === 'differs' ? 'differs ' : ''
  if (failure === undefined) return `${left}ok`
  const what = proof.up === 'failed' ? 'up' : failure.direction === 'up' ? 'again' : 'down'
  const who =
    failure.follows !== undefined
      ? `follows ${nameOf(Number(failure.follows.slice(0, 5)))}`
      : failure.environment === undefined
        ? 'own'
        : 'server'
  return `${left}${what}: ${who}`
}

const CHAINS: readonly (readonly [title: string, rows: readonly Row[]])[] = [
  [
    'an extension that the server lacks',
    [
      ['the extension', [ACME, NONE], 'up: server'],
      ['a table beside it', table('t'), 'ok'],
      ['a down whose own up ran', ['CREATE INDEX i ON t (a)', 'DROP INDEX typo'], 'down: own'],
      ['a type that nothing makes', table('x', 'a acme'), 'up: follows the extension'],
      ['an operator class', ['CREATE INDEX j ON t USING gin (a acme_ops)', NONE], 'up: follows the extension'],
      ['a default operator class', ['CREATE INDEX j ON t USING gist (a)', NONE], 'up: follows the extension'],
      ['a function', ['SELECT acme_make(1)', NONE], 'up: follows the extension'],
      ['a schema', table('acme.x'), 'up: follows the extension'],
      ['a collation', table('x', 'a text COLLATE acme'), 'up: follows the extension'],
      ['the extension itself', ['DROP EXTENSION acme_types', NONE], 'up: follows the extension'],
      ['a view with its name', ['GRANT SELECT ON acme_types_info TO PUBLIC', NONE], 'up: follows the extension'],
      ['a table that nothing makes', ['ALTER TABLE typo ADD x int', NONE], 'up: own'],
      ['a column of an own table', ['CREATE INDEX j ON t (typo)', NONE], 'up: own'],
      ['a constraint of an own table', ['ALTER TABLE t DROP CONSTRAINT typo', NONE], 'up: own'],
      ['a trigger of an own table', ['DROP TRIGGER typo ON t', NONE], 'up: own'],
      ['a syntax error', ['CREATE TABEL x (a int)', NONE], 'up: own'],
      [
        'a function of the chain',
        ['CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT a $$', 'DROP FUNCTION f(int)'],
        'ok',
      ],
      ['a wrong call of it', ["SELECT f('a'::text, 2)", NONE], 'up: own'],
      ['a table that a later step makes', ['ALTER TABLE late ADD x int', NONE], 'up: own'],
      ['that step', table('late'), 'ok'],
      ['a step that removes it, which ran', ['DROP TABLE late', 'CREATE TABLE late (a int, n int)'], 'ok'],
      ['what it removed', ['ALTER TABLE late ADD x int', NONE], 'up: own'],
      ['a type for a column', ['ALTER TABLE t ADD b acme', 'ALTER TABLE t DROP b'], 'up: follows the extension'],
      [
        'the same type in a down',
        ['ALTER TABLE t DROP COLUMN IF EXISTS b', 'ALTER TABLE t ADD b acme'],
        'down: follows the extension',
      ],
      ['another type in a down', ['ALTER TABLE t DROP COLUMN IF EXISTS b', 'ALTER TABLE t ADD b typo'], 'down: own'],
      [
        'a down that needs an extension itself',
        ['ALTER TABLE t DROP n', `${ACME}; ALTER TABLE t ADD n int`],
        'down: server',
      ],
      ['a constraint', table('c', 'a int CONSTRAINT c CHECK (a > 0)'), 'ok'],
      [
        'a second up that misses what its own down made otherwise',
        ['ALTER TABLE c DROP CONSTRAINT c', 'ALTER TABLE c ADD CONSTRAINT c_wrong CHECK (a > 0)'],
        'differs again: own',
      ],
      ['a role that the server lacks', ['GRANT SELECT ON t TO acme_reader', NONE], 'up: server'],
      ['such a role in a down', ['ALTER TABLE t ADD z int', 'GRANT SELECT ON t TO acme_reader'], 'down: server'],
    ],
  ],
  [
    'what a failed step makes',
    [
      ['the step', [BROKEN, 'DROP TABLE broken'], 'up: own'],
      ['its table', ['ALTER TABLE broken ADD y int', 'ALTER TABLE broken DROP y'], 'up: follows the step'],
      ['what depends on that', ['CREATE VIEW v AS SELECT y FROM broken', 'DROP VIEW v'], 'up: follows the step'],
      ['and on that', ['COMMENT ON VIEW v IS NULL', NONE], 'up: follows the step'],
      ['another table', ['ALTER TABLE borken ADD y int', NONE], 'up: own'],
      [
        'a table in a schema',
        ['CREATE SCHEMA app; CREATE TABLE app.s (id int,,)', 'DROP SCHEMA app CASCADE'],
        'up: own',
      ],
      ['the same name without the schema', ['ALTER TABLE s ADD y int', NONE], 'up: own'],
      ['and with it', ['ALTER TABLE app.s ADD y int', NONE], 'up: follows a table in a schema'],
      [
        'the type of a column, which older servers call a syntax error',
        ['CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x broken.id%type; BEGIN END $$', NONE],
        'up: follows the step',
      ],
      [
        'the type of a row',
        ['CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x broken%rowtype; BEGIN END $$', NONE],
        'up: follows the step',
      ],
      [
        'the type of a column of another table',
        ['CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x b.id%type; BEGIN END $$', NONE],
        'up: own',
      ],
      ['two tables', ['CREATE TABLE t (a int); CREATE TABLE u (n int)', 'DROP TABLE t, u'], 'ok'],
      ['a new column of one', [`ALTER TABLE t ADD email text; ${BROKEN}`, 'ALTER TABLE t DROP email'], 'up: own'],
      ['that column', ['CREATE INDEX i ON t (email)', NONE], 'up: follows a new column of one'],
      [
        'that column, by its table',
        ['ALTER TABLE t ALTER email SET NOT NULL', NONE],
        'up: follows a new column of one',
      ],
      ['a column of that name of the other table', ['CREATE INDEX j ON u (email)', NONE], 'up: own'],
      ['a new name of the table', ['ALTER TABLE t RENAME TO w', 'ALTER TABLE w RENAME TO t'], 'ok'],
      ['that column under it', ['CREATE INDEX i ON w (email)', NONE], 'up: follows a new column of one'],
      ['new names', [`ALTER TABLE u RENAME n TO m; ALTER TABLE u RENAME TO u2; ${BROKEN}`, NONE], 'up: own'],
      ['a renamed table', ['ALTER TABLE u2 ADD x int', NONE], 'up: follows new names'],
      ['a serial key', ['CREATE TABLE k (id serial PRIMARY KEY,, x int)', 'DROP TABLE k'], 'up: own'],
      ['its sequence', ["SELECT setval('k_id_seq', 5)", NONE], 'up: follows a serial key'],
      ['its index', ['ALTER INDEX k_pkey RENAME TO p', NONE], 'up: follows a serial key'],
      ['another index', ['ALTER INDEX o_pkey RENAME TO p', NONE], 'up: own'],
      ['two more tables', ['CREATE TABLE tc (a int); CREATE TABLE uc (id int PRIMARY KEY)', 'DROP TABLE tc, uc'], 'ok'],
      [
        'a column with constraints',
        [`ALTER TABLE tc ADD x int CHECK (x > 0) REFERENCES uc; ${BROKEN}`, NONE],
        'up: own',
      ],
      ['one of them', ['ALTER TABLE tc DROP CONSTRAINT tc_x_check', NONE], 'up: follows a column with constraints'],
      ['one of another column', ['ALTER TABLE tc DROP CONSTRAINT tc_y_check', NONE], 'up: own'],
      [
        'a column under a name that the script has just given to its table',
        ['ALTER TABLE tc RENAME TO td; CREATE INDEX ON td (x)', NONE],
        'up: follows a column with constraints',
      ],
      ['an enum', ["CREATE TYPE e AS ENUM ('a'); CREATE TABLE te (e e)", 'DROP TABLE te; DROP TYPE e'], 'ok'],
      ['a new value', [`ALTER TYPE e ADD VALUE 'b'; ${BROKEN}`, NONE], 'up: own'],
      ['that value', ["ALTER TABLE te ALTER e SET DEFAULT 'b'", NONE], 'up: follows a new value'],
      ['another value', ["ALTER TABLE te ALTER e SET DEFAULT 'c'", NONE], 'up: own'],
      [
        'a function that makes a table',
        [
          'CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE made (a int); END $$',
          'DROP FUNCTION make()',
        ],
        'ok',
      ],
      [
        'a block, an EXECUTE and a call',
        [
          `DO $$ BEGIN IF true THEN CREATE TABLE done (a int); END IF; EXECUTE 'CREATE TABLE ran (a int)'; END $$; SELECT make(); ${BROKEN}`,
          NONE,
        ],
        'up: own',
      ],
      ['what the block makes', ['ALTER TABLE done ADD b int', NONE], 'up: follows a block, an EXECUTE and a call'],
      ['what the EXECUTE makes', ['ALTER TABLE ran ADD b int', NONE], 'up: follows a block, an EXECUTE and a call'],
      [
        'what the called function makes',
        ['ALTER TABLE made ADD b int', NONE],
        'up: follows a block, an EXECUTE and a call',
      ],
      ['an up whose down alone has a name', ['SELECT no_such_installer()', 'DROP TABLE installed'], 'up: own'],
      ['that name', ['ALTER TABLE installed ADD b int', NONE], 'up: follows an up whose down alone has a name'],
      [
        'a down that names its table',
        ['ALTER TABLE IF EXISTS k ADD b int', 'ALTER TABLE k DROP b'],
        'down: follows a serial key',
      ],
      ['a down that names another', ['ALTER TABLE IF EXISTS k ADD b int', 'ALTER TABLE l DROP b'], 'down: own'],
    ],
  ],
  [
    'what a failed step would have removed or changed',
    [
      [
        'a type in use',
        ["CREATE TYPE k AS ENUM ('a'); CREATE TABLE t (k k, n int)", 'DROP TABLE t; DROP TYPE k'],
        'ok',
      ],
      ['its column', [`ALTER TABLE t DROP COLUMN k; ${BROKEN}`, NONE], 'up: own'],
      ['the type', ['DROP TYPE k', NONE], 'up: follows its column'],
      ['one more use of it', ['CREATE TABLE u (k k)', 'DROP TABLE u'], 'ok'],
      ['the type again', ['DROP TYPE k', NONE], 'up: own'],
      [
        'a view on a view',
        [
          'CREATE TABLE b (a int); CREATE VIEW v AS SELECT a FROM b; CREATE VIEW w AS SELECT a FROM v',
          'DROP VIEW w; DROP VIEW v; DROP TABLE b',
        ],
        'ok',
      ],
      ['the views', [`DROP VIEW v CASCADE; ${BROKEN}`, NONE], 'up: own'],
      ['a type that they hold', ['ALTER TABLE b ALTER a TYPE bigint', NONE], 'up: follows the views'],
      ['a column that they hold', ['ALTER TABLE b DROP COLUMN a', NONE], 'up: follows the views'],
      ['a view that has other columns', ['CREATE OR REPLACE VIEW v AS SELECT 1 AS x', NONE], 'up: follows the views'],
      ['a view that it left', ['CREATE OR REPLACE VIEW w AS SELECT 1 AS x', NONE], 'up: own'],
      [
        'more tables',
        [
          'CREATE TABLE d (a int, b int CONSTRAINT c CHECK (b > 0)); CREATE TABLE e (a int); CREATE TABLE f (a int)',
          'DROP TABLE d, e, f',
        ],
        'ok',
      ],
      [
        'their ends',
        [
          `ALTER TABLE d DROP a, DROP CONSTRAINT c; DROP TABLE e; DROP TABLE f; CREATE TABLE f (b int); ${BROKEN}`,
          NONE,
        ],
        'up: own',
      ],
      ['a table in the way', ['CREATE TABLE e (x int)', NONE], 'up: follows their ends'],
      ['a column in the way', ['ALTER TABLE d ADD a text', NONE], 'up: follows their ends'],
      ['a constraint in the way', ['ALTER TABLE d ADD CONSTRAINT c CHECK (b > 1)', NONE], 'up: follows their ends'],
      ['another column in the way', ['ALTER TABLE d ADD b int', NONE], 'up: own'],
      ['a table in the way that it makes again', ['CREATE TABLE f (x int)', NONE], 'up: own'],
      [
        'rows',
        [
          'CREATE TABLE g (a int, n int, m int); INSERT INTO g VALUES (1, NULL), (1, 2); CREATE TABLE r (id int PRIMARY KEY)',
          'DROP TABLE g, r',
        ],
        'ok',
      ],
      ['a null that nothing fills', ['ALTER TABLE g ALTER n SET NOT NULL', NONE], 'up: own'],
      ['other rows', [`UPDATE g SET n = 0; INSERT INTO r VALUES (1); ${BROKEN}`, NONE], 'up: own'],
      ['a null', ['ALTER TABLE g ALTER n SET NOT NULL', NONE], 'up: follows other rows'],
      ['a reference', ['ALTER TABLE g ADD CONSTRAINT x FOREIGN KEY (a) REFERENCES r', NONE], 'up: follows other rows'],
      [
        'rows that the script looks for',
        ["DO $$ BEGIN IF NOT EXISTS (SELECT FROM r) THEN RAISE EXCEPTION 'no rows'; END IF; END $$", NONE],
        'up: follows other rows',
      ],
      [
        'a down that its own up left rows for',
        ['ALTER TABLE r ALTER id SET DEFAULT 1; UPDATE g SET m = NULL', 'ALTER TABLE g ALTER m SET NOT NULL'],
        'down: own',
      ],
      ['a null that the script puts in', ['INSERT INTO r VALUES (NULL)', NONE], 'up: own'],
      ['a script that gives up', ["DO $$ BEGIN RAISE EXCEPTION 'not yet'; END $$", NONE], 'up: own'],
      ['a key', ['CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE q (b int)', 'DROP TABLE p, q'], 'ok'],
      [
        'another key',
        [`ALTER TABLE p DROP CONSTRAINT p_pkey; CREATE UNIQUE INDEX pb ON p (b); ${BROKEN}`, NONE],
        'up: own',
      ],
      ['a second primary key', ['ALTER TABLE p ADD PRIMARY KEY (b)', NONE], 'up: follows another key'],
      ['a key to refer to', ['ALTER TABLE q ADD FOREIGN KEY (b) REFERENCES p (b)', NONE], 'up: follows another key'],
      [
        'a key for ON CONFLICT',
        ['INSERT INTO p VALUES (1, 2) ON CONFLICT (b) DO NOTHING', NONE],
        'up: follows another key',
      ],
      ['a key of another table', ['INSERT INTO q VALUES (1) ON CONFLICT (b) DO NOTHING', NONE], 'up: own'],
      ['a function', ['CREATE FUNCTION h() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', 'DROP FUNCTION h()'], 'ok'],
      [
        'its end, and other columns',
        [`DROP FUNCTION h(); ALTER TABLE q ALTER b TYPE text, ADD x int; ${BROKEN}`, NONE],
        'up: own',
      ],
      [
        'a function that returns another type',
        ['CREATE OR REPLACE FUNCTION h() RETURNS text LANGUAGE sql AS $$ SELECT NULL::text $$', NONE],
        'up: follows its end, and other columns',
      ],
      ['a value of another type', ["INSERT INTO q (b) VALUES ('a')", NONE], 'up: follows its end, and other columns'],
      ['more values than columns', ['INSERT INTO q VALUES (1, 2)', NONE], 'up: follows its end, and other columns'],
      ['a value that no column takes', ["INSERT INTO p (b) VALUES ('a')", NONE], 'up: own'],
    ],
  ],
  [
    'names that a script puts together',
    [
      [
        'the script',
        [`DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int)', 'p' || 1); END $$; ${BROKEN}`, NONE],
        'up: own',
      ],
      ['such a name', ['ALTER TABLE p1 ADD b int', NONE], 'up: follows the script'],
      ['a down', ['CREATE TABLE t (a int)', 'DROP TABLE typo'], 'down: own'],
    ],
  ],
  [
    'code',
    [
      ['an up behind nothing', ['ALTER TABLE missing ADD b int', NONE], 'up: own'],
      ['the code', CODE, 'not run'],
      ['a table that nothing makes', ['ALTER TABLE by_code ADD b int', NONE], 'up: follows the code'],
      ['a table', table('t'), 'ok'],
      ['a column that nothing makes', ['ALTER TABLE t ALTER by_code SET NOT NULL', NONE], 'up: follows the code'],
      ['a down whose own up ran', ['CREATE INDEX i ON t (a)', 'DROP INDEX typo'], 'down: own'],
      ['such a down with the name of an up', ['ALTER TABLE t ADD b int', 'ALTER TABLE by_code DROP b'], 'down: own'],
      ['a table that a later step makes', ['ALTER TABLE late ADD b int', NONE], 'up: own'],
      ['that step', table('late'), 'ok'],
      ['a syntax error', ['ALTER TABLE t ADDD x int', NONE], 'up: own'],
      ['a duplicate', ['CREATE TABLE t (a int)', NONE], 'up: own'],
      ['a table with a row', ['CREATE TABLE r (n int UNIQUE); INSERT INTO r VALUES (NULL)', 'DROP TABLE r'], 'ok'],
      ['a null that code may fill', ['ALTER TABLE r ALTER n SET NOT NULL', NONE], 'up: follows the code'],
      ['rows that the script puts in twice', ['INSERT INTO r VALUES (1), (1)', NONE], 'up: own'],
      ['a function', ['CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', 'DROP FUNCTION f()'], 'ok'],
      ['a second up behind its own down', ['SELECT f()', 'DROP FUNCTION f()'], 'differs again: own'],
    ],
  ],
  [
    'code that shows its SQL, in both directions',
    [
      ['other code', CODE, 'not run'],
      [
        'tables',
        [
          'CREATE TABLE a (id int PRIMARY KEY, n int); CREATE TABLE b (id int CONSTRAINT f REFERENCES a); CREATE TABLE old (id int CONSTRAINT k UNIQUE)',
          'DROP TABLE old, b, a',
        ],
        'ok',
      ],
      [
        'the code',
        {
          code: `package migrations
// It doesn't matter what a comment says.
const down = "DROP TABLE made; ALTER TABLE fresh RENAME TO old"
const up = \`
CREATE TABLE made (id int);
ALTER TABLE old RENAME TO fresh;
DROP TABLE b;
\`
func Down(tx *sql.Tx) { tx.Exec("CREATE TABLE b (id int)") }`,
        },
        'not run',
      ],
      ['a table that it makes', ['ALTER TABLE made ADD n int', NONE], 'up: follows the code'],
      ['a table that it renames', ['ALTER TABLE fresh ADD n int', NONE], 'up: follows the code'],
      ['a constraint of that', ['ALTER TABLE fresh DROP CONSTRAINT k', NONE], 'up: follows the code'],
      ['a table that it leaves', ['CREATE TABLE a (x int)', NONE], 'up: own'],
      ['a table whose last use it removes', ['DROP TABLE a', NONE], 'up: follows the code'],
      ['a table that it removes', ['CREATE TABLE b (x int)', NONE], 'up: follows the code'],
      ['a table that no text names', ['ALTER TABLE other ADD n int', NONE], 'up: follows other code'],
      [
        'a down that names what it makes',
        ['ALTER TABLE IF EXISTS made ADD n int', 'ALTER TABLE made DROP n'],
        'down: follows the code',
      ],
      [
        'a down that names no such thing',
        ['ALTER TABLE IF EXISTS made ADD n int', 'ALTER TABLE other DROP n'],
        'down: own',
      ],
    ],
  ],
  [
    'a column without its table',
    [
      ['the code', CODE, 'not run'],
      ['a table', table('t', 'id int UNIQUE'), 'ok'],
      [
        'a reference to a column that code may make',
        ['CREATE TABLE u (a int, c int REFERENCES t (c))', NONE],
        'up: follows the code',
      ],
      ['a column that a later step makes', ['CREATE INDEX i ON t (late)', NONE], 'up: own'],
      ['that step', ['ALTER TABLE t ADD late int', 'ALTER TABLE t DROP late'], 'ok'],
      [
        'a constraint that the script makes again',
        ['ALTER TABLE t DROP CONSTRAINT t_id_check; ALTER TABLE t ADD CONSTRAINT t_id_check CHECK (id > 0)', NONE],
        'up: follows the code',
      ],
    ],
  ],
]

describe('whose fault a failure is', () => {
  let server: ScratchServer
  beforeAll(async () => {
    server = await openServer()
  })
  afterAll(async () => {
    await server.close()
  })

  test.each(CHAINS)('%s', async (_, rows) => {
    const { migrations } = await proveChain(
      server,
      rows.map(([, step], index) => stepOf(step, index + 1)),
    )
    const said = (what: string, at: number, how: string | undefined): string => `${at + 1} ${what} -> ${how ?? ''}`
    const found = migrations.map((one) => outcome(one, (at) => rows[at - 1]?.[0] ?? ''))
    expect(rows.map(([what], at) => said(what, at, found[at]))).toEqual(
      rows.map(([what, , how], at) => said(what, at, how)),
    )
  })

  const chain = (...steps: readonly Step[]): readonly Migration[] => steps.map((step, index) => stepOf(step, index + 1))

  test('a change is judged behind steps that only run', async () => {
    const steps = chain(
      [`${ACME}; CREATE TABLE made (a int)`, NONE],
      table('t'),
      ['ALTER TABLE made ADD b int', NONE],
      ['CREATE INDEX i ON t (a)', 'DROP INDEX typo'],
      ['CREATE TABLE x (a int)', 'DROP TABLE x'],
    )
    const { migrations } = await proveChain(server, steps, 'guided', 3)
    expect(migrations.map((one) => outcome(one))).toEqual(['up: server', 'not run', 'up: follows 1', 'down: own', 'ok'])
    const code = await proveChain(
      server,
      chain(CODE, table('t'), ['CREATE INDEX i ON t (a)', 'DROP INDEX typo'], ['SELECT by_code()', NONE]),
      'guided',
      2,
    )
    expect(code.migrations.map((one) => outcome(one))).toEqual(['not run', 'not run', 'down: own', 'up: follows 1'])
    // All that is reported of the chain is the down that was reported already.
    expect(code.chain).toMatchObject({ down: 'failed', stoppedAt: '00003_step', failure: { environment: undefined } })
  })

  test('a role of a step in front of the change is made once, also where a later one fails', async () => {
    const steps = chain(
      ['CREATE ROLE gate_reader', 'DROP ROLE gate_reader'],
      [BROKEN, NONE],
      ['CREATE TABLE t (a int); GRANT SELECT ON t TO gate_reader', 'DROP TABLE t'],
      // A role that a later step makes may be one of the server in production.
      ['GRANT SELECT ON t TO gate_late', NONE],
      ['CREATE ROLE gate_late', 'DROP ROLE gate_late'],
    )
    const { migrations } = await proveChain(server, steps, 'guided', 2)
    expect(migrations.map((one) => outcome(one))).toEqual(['not run', 'up: own', 'ok', 'up: server', 'ok'])
  })

  test('a group that fails is lacking as a whole, and follows as a whole', async () => {
    const named = (name: string, ...steps: readonly Step[]) => chain(...steps).map((one) => ({ ...one, name }))
    const steps = [
      ...named('a', ['CREATE TABLE one (a int)', 'DROP TABLE one'], ['CREATE TABEL two (a int)', NONE]),
      ...named('b', table('t'), ['ALTER TABLE one ADD b int', NONE]),
      ...named('c', ['ALTER TABLE one ADD c int', NONE], ['ALTER TABLE typo ADD c int', NONE]),
      ...named('d', table('u'), ['ALTER TABLE u ADD c int', 'ALTER TABLE u DROP typo']),
    ].map((one, at) => ({ ...one, id: `${idOf(at + 1)}_step`, version: `20200101000000${at}` }))
    const { migrations } = await proveChain(server, steps, 'guided', undefined, { unit: 'range' })
    const last = migrations.filter(({ proof }) => proof?.toldAt === undefined)
    expect(last.map((one) => [one.id, outcome(one)])).toEqual([
      ['00002_step', 'up: own'],
      ['00004_step', 'up: follows 2'],
      ['00006_step', 'up: follows 2'],
      ['00008_step', 'down: own'],
    ])
  })

  test('what runs again on each change, and seeds, are behind the chain', async () => {
    const seed = (at: number, up: string, down = NONE): Migration => ({ ...stepOf([up, down], at), kind: 'seed' })
    const { migrations } = await proveChain(
      server,
      [
        ...chain([BROKEN, NONE], table('t', 'a int PRIMARY KEY')),
        repeatable('of_failed', 'CREATE OR REPLACE VIEW v AS SELECT id FROM broken'),
        repeatable('wrong', 'CREATE OR REPLACE VIEW w AS SELECT id FROM typo'),
        repeatable('once', 'CREATE VIEW x AS SELECT a FROM t'),
      ],
      'guided',
      undefined,
      {},
      [
        seed(10, 'INSERT INTO broken VALUES (1)'),
        seed(11, 'INSERT INTO typo VALUES (1)'),
        seed(12, 'INSERT INTO t VALUES (1)', 'DELETE FROM broken'),
        seed(13, 'CREATE TEMP TABLE q (a int); INSERT INTO v VALUES (1)'),
      ],
    )
    expect(migrations.map((one) => outcome(one))).toEqual([
      'up: own',
      'ok',
      'up: follows 1',
      'up: own',
      'again: own',
      'up: follows 1',
      'up: own',
      'down: follows 1',
      'up: follows 1',
    ])
  })
})
