// What is said of a partitioned table: its partitions are counted, and not named one by one.
import { expect, test } from '@jest/globals'
import { checkRepo } from '../support/check-repo.js'
import { makeRepo } from '../support/git.js'
import { serverForTests } from '../support/live.js'

const live = serverForTests()

const pair = (version: string, up: string, down: string): Readonly<Record<string, string>> => ({
  [`migrations/app/${version}_m.up.sql`]: `${up}\n`,
  [`migrations/app/${version}_m.down.sql`]: `${down}\n`,
})

const PARTITIONS = [1, 2, 3]
const MERGED = `CREATE TABLE events (id int NOT NULL, a int NOT NULL, b text) PARTITION BY RANGE (id);
${PARTITIONS.map((n) => `CREATE TABLE events_${n} PARTITION OF events FOR VALUES FROM (${n}000) TO (${n + 1}000);`).join('\n')}
CREATE TABLE orders (id int);
INSERT INTO events SELECT g, g, 'b' FROM generate_series(1000, 3999) g;
INSERT INTO orders SELECT generate_series(1, 2000);`

const UPS = [
  ['CREATE INDEX events_a ON events (a);', 'DROP INDEX events_a;'],
  ['LOCK TABLE events; UPDATE orders SET id = id;', 'SELECT 1;'],
  ['LOCK TABLE orders; ALTER TABLE events ADD CONSTRAINT c CHECK (id > 1);', 'ALTER TABLE events DROP CONSTRAINT c;'],
  ['DROP TABLE events;', 'CREATE TABLE events (id int NOT NULL, a int NOT NULL) PARTITION BY RANGE (id);'],
] as const

/** The beginnings of messages. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  'blocking-index-build': [
    '3 partitions of events: writes wait behind a SHARE lock while their indexes are built; the time grows with the table (up to 1,000 rows here)',
  ],
  'lock-held': [
    'events and its 3 partitions: reads and writes wait behind an ACCESS EXCLUSIVE lock until the end of the script (1 more statement), while 2,000 rows of orders are updated',
    'orders: reads and writes wait behind an ACCESS EXCLUSIVE lock until the end of the script (1 more statement), while events is read whole',
  ],
  'blocking-scan': [
    '3 partitions of events: reads and writes wait behind an ACCESS EXCLUSIVE lock while all their rows are read; the time grows with the table (up to 1,000 rows here)',
  ],
  'breaks-clients': ['events: the server refuses what it took before'],
  'loses-rows': ['3 partitions of events: 3,000 rows are dropped, and no down gets them from anywhere'],
  'down-loses-rows': ['3 partitions of events: after up and down, 3,000 rows are dropped'],
}

const ORDER = Object.keys(SAID)

test('its partitions are counted', async () => {
  const repo = makeRepo(pair('00001', MERGED, 'DROP TABLE events, orders;'))
  try {
    for (const [at, [up, down]] of UPS.entries()) repo.write(pair(`0000${at + 2}`, up, down))
    const report = await checkRepo(repo, live.server)
    const own = report.findings
      .filter(({ rule }) => rule in SAID)
      .toSorted((a, b) => ORDER.indexOf(a.rule) - ORDER.indexOf(b.rule))
    expect(own.map(({ rule, message }) => [rule, message.split(': ').slice(0, 2).join(': ')])).toEqual(
      Object.entries(SAID).flatMap(([rule, said]) => said.map((message) => [rule, message])),
    )
  } finally {
    repo.remove()
  }
})
