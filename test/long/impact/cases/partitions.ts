// Partitions: which tables are read when one comes or goes.
import { hazard, quiet, type Case } from '../case.js'
import { EVENTS, EVENTS_WITH_DEFAULT } from '../tables.js'

const LOOSE = [
  'CREATE TABLE events_3 (id bigint NOT NULL, day integer NOT NULL, kind text NOT NULL)',
  "INSERT INTO events_3 SELECT n, 200 + n % 100, 'click' FROM generate_series(1, 2000) n",
]
const ATTACH = 'ALTER TABLE events ATTACH PARTITION events_3 FOR VALUES FROM (200) TO (300)'
const DETACH = 'ALTER TABLE events DETACH PARTITION events_3'
const BOUND = 'ALTER TABLE events_3 ADD CONSTRAINT events_3_day CHECK (day >= 200 AND day < 300)'
const NOT_IN_REST = 'ALTER TABLE events_rest ADD CONSTRAINT rest_day CHECK (day >= 300)'

export const partitions: readonly Case[] = [
  hazard('attach_partition', 'blocking-scan', {
    base: [...EVENTS, ...LOOSE],
    up: [ATTACH],
    down: [DETACH],
    why: 'All rows of the new partition are compared with its bounds.',
  }),
  quiet('attach_behind_check', {
    base: [...EVENTS, ...LOOSE, BOUND],
    up: [ATTACH],
    down: [DETACH],
    why: 'A check proves the bounds.',
  }),
  quiet('attach_new_table', {
    base: EVENTS,
    up: [LOOSE[0] ?? '', ATTACH],
    down: ['DROP TABLE events_3'],
    why: 'The new partition is empty.',
  }),
  hazard('attach_beside_default', 'blocking-scan', {
    base: [...EVENTS_WITH_DEFAULT, ...LOOSE, BOUND],
    up: [ATTACH],
    down: [DETACH],
    why: 'The default partition is read: it could have rows of the new one.',
  }),
  quiet('attach_beside_checked_default', {
    base: [...EVENTS_WITH_DEFAULT, ...LOOSE, BOUND, NOT_IN_REST],
    up: [ATTACH],
    down: [DETACH],
    why: 'Checks prove both.',
  }),
  hazard('new_partition_beside_default', 'blocking-scan', {
    base: EVENTS_WITH_DEFAULT,
    up: ['CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM (200) TO (300)'],
    down: ['DROP TABLE events_3'],
    why: 'The default partition is read while all clients of the parent wait.',
  }),
  quiet('new_partition', {
    base: EVENTS,
    up: ['CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM (200) TO (300)'],
    down: ['DROP TABLE events_3'],
    why: 'The strongest lock, for a moment.',
  }),
  quiet('new_partition_beside_checked_default', {
    base: [...EVENTS_WITH_DEFAULT, NOT_IN_REST],
    up: ['CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM (200) TO (300)'],
    down: ['DROP TABLE events_3'],
    why: 'A check proves that the default partition has none of its rows.',
  }),
  hazard('new_partition_meets_default', 'fails-on-rows', {
    base: EVENTS_WITH_DEFAULT,
    up: ['CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM (1000) TO (2000)'],
    down: ['DROP TABLE events_3'],
    why: 'The default partition has rows of the new one.',
  }),
  quiet('detach_concurrently', {
    base: EVENTS,
    transaction: false,
    up: ['ALTER TABLE events DETACH PARTITION events_2 CONCURRENTLY'],
    why: 'Clients of the parent go on.',
  }),
  hazard('drop_partition', 'loses-rows', {
    base: EVENTS,
    up: ['DROP TABLE events_1'],
    why: '2,000 rows.',
  }),
  quiet('add_column_of_partitioned', {
    base: EVENTS,
    up: ['ALTER TABLE events ADD COLUMN source text'],
    down: ['ALTER TABLE events DROP COLUMN source'],
    why: 'The strongest lock on all of them, for a moment.',
  }),
  hazard('check_of_partitioned', 'blocking-scan', {
    base: EVENTS,
    up: ["ALTER TABLE events ADD CONSTRAINT events_kind CHECK (kind <> '')"],
    down: ['ALTER TABLE events DROP CONSTRAINT events_kind'],
    why: 'All partitions are read.',
  }),
  hazard('primary_key_of_partitioned', 'blocking-index-build', {
    base: EVENTS,
    up: ['ALTER TABLE events ADD PRIMARY KEY (id, day)'],
    down: ['ALTER TABLE events DROP CONSTRAINT events_pkey'],
    why: 'An index on each partition, under the strongest lock.',
  }),
]
