// Scripts and tables that keep the watch busy without end: it gives up in time, says so, and leaves nothing behind.
import { beforeAll, expect, test } from '@jest/globals'
import { eventually } from '../../adapters/postgres/server/support.js'
import type { Report } from '../../../src/report/check-report.js'
import { checkRepo } from '../../support/check-repo.js'
import { makeRepo } from '../../support/git.js'
import { serverForTests, type LiveDatabase } from '../../support/live.js'

const live = serverForTests()

/** Outside of the check, to look at the server. */
let outside: LiveDatabase
beforeAll(async () => {
  outside = await live.database()
})

/** The server has no database of the check, and no session in one. The last DROP may outlive the report for a moment. */
const isClean = async (): Promise<boolean> => {
  const left = await outside.query(
    `SELECT datname FROM pg_database WHERE datname LIKE 'migration_gate_%'
     UNION ALL SELECT datname FROM pg_stat_activity WHERE datname LIKE 'migration_gate_%'`,
  )
  return left.length === 0
}

const pair = (version: string, up: string, down: string): Readonly<Record<string, string>> => ({
  [`migrations/app/${version}_m.up.sql`]: `${up}\n`,
  [`migrations/app/${version}_m.down.sql`]: `${down}\n`,
})

/** The limit of a statement, and time for all others on a busy machine. Milliseconds. */
const LONGEST = 240_000

const ENDLESS = 'BEGIN LOOP PERFORM pg_sleep(0.2); END LOOP; END'
const SLOW_STATEMENT = 'a statement takes longer than 30 seconds'
const PLAIN = 'CREATE TABLE orders (id int, state text);'

type Fault = { readonly merged: string; readonly up: string; readonly down?: string; readonly says: string }

/** They wait for limits of time, so they run side by side. */
const FAULTS: readonly (readonly [string, Fault])[] = [
  [
    'a script that waits for ever once there are rows',
    {
      merged: PLAIN,
      up: `ALTER TABLE orders ADD COLUMN a int;
DO $$ BEGIN IF EXISTS (SELECT FROM orders) THEN LOOP PERFORM pg_sleep(0.2); END LOOP; END IF; END $$;`,
      down: 'ALTER TABLE orders DROP COLUMN a;',
      says: SLOW_STATEMENT,
    },
  ],
  [
    'a trigger that loops for each row',
    {
      merged: `${PLAIN}
CREATE FUNCTION loops() RETURNS trigger LANGUAGE plpgsql AS $$ ${ENDLESS} $$;
CREATE TRIGGER loops BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION loops();`,
      up: `UPDATE orders SET state = 'new';`,
      says: SLOW_STATEMENT,
    },
  ],
  [
    'a check that takes long for each made-up row',
    {
      merged: `CREATE FUNCTION slow(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(2); RETURN true; END $$;
CREATE TABLE orders (id int CHECK (slow(id)), state text);`,
      up: 'ALTER TABLE orders ADD COLUMN a int;',
      down: 'ALTER TABLE orders DROP COLUMN a;',
      says: 'orders',
    },
  ],
  [
    'a client whose INSERT hangs in a trigger',
    {
      merged: `${PLAIN}
CREATE FUNCTION hangs() RETURNS trigger LANGUAGE plpgsql AS $$ ${ENDLESS} $$;
CREATE TRIGGER hangs BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION hangs();`,
      up: 'ALTER TABLE orders ADD COLUMN a int;',
      down: 'ALTER TABLE orders DROP COLUMN a;',
      says: 'orders',
    },
  ],
]

type Outcome = { readonly report: Report; readonly milliseconds: number }

let outcomes: ReadonlyMap<string, Outcome>
beforeAll(async () => {
  const run = async ([name, fault]: (typeof FAULTS)[number]): Promise<[string, Outcome]> => [name, await watch(fault)]
  outcomes = new Map(await Promise.all(FAULTS.map(run)))
}, LONGEST + 60_000)

async function watch({ merged, up, down = 'SELECT 1;' }: Fault): Promise<Outcome> {
  const repo = makeRepo(pair('00001', merged, 'DROP TABLE orders;'))
  try {
    repo.write(pair('00002', up, down))
    const started = Date.now()
    const report = await checkRepo(repo, live.server)
    return { report, milliseconds: Date.now() - started }
  } finally {
    repo.remove()
  }
}

test.each(FAULTS)('%s', (name, { says }) => {
  const { report, milliseconds } = outcomes.get(name) ?? { report: undefined, milliseconds: 0 }
  expect(milliseconds).toBeLessThan(LONGEST)
  const watched = report?.databases.flatMap(({ migrations }) => migrations).find(({ id }) => id === '00002_m')
  const { notJudged = [], relations = [] } = watched?.impact?.up ?? {}
  const said = [
    ...notJudged,
    ...relations.flatMap(({ relation, why }) => (why === undefined ? [] : [`${relation}: ${why}`])),
  ]
  expect(said.join('\n')).toContain(says)
  expect(watched?.proof?.up).toBe('ok')
})

test('no database and no session is left', async () => expect(await eventually(isClean)).toBe(true))
