// Columns: new ones, their types, and what is rewritten.
import { hazard, quiet, type Case } from '../case.js'
import { CUSTOMERS, EVENTS, ORDERS } from '../tables.js'

const alter = (clause: string): string => `ALTER TABLE orders ${clause}`
const added = (definition: string): { readonly up: string[]; readonly down: string[] } => ({
  up: [alter(`ADD COLUMN added ${definition}`)],
  down: [alter('DROP COLUMN added')],
})

export const columns: readonly Case[] = [
  quiet('add_column', { base: ORDERS, ...added('text'), why: 'The strongest lock, for a moment.' }),
  quiet('add_column_constant', {
    base: ORDERS,
    ...added('integer NOT NULL DEFAULT 7'),
    why: 'The value is kept once, in the catalogue.',
  }),
  quiet('add_column_now', {
    base: ORDERS,
    ...added('timestamptz NOT NULL DEFAULT now()'),
    why: 'now() is one value for the whole statement.',
  }),
  hazard('add_column_volatile', 'table-rewrite', {
    base: ORDERS,
    ...added('timestamptz NOT NULL DEFAULT clock_timestamp()'),
    why: 'Each row gets a value of its own.',
  }),
  hazard('add_column_uuid', 'table-rewrite', {
    base: ORDERS,
    ...added('uuid NOT NULL DEFAULT gen_random_uuid()'),
    why: 'Each row gets a value of its own.',
  }),
  hazard('add_column_serial', 'table-rewrite', {
    base: ORDERS,
    ...added('bigserial'),
    why: 'Each row gets a number.',
  }),
  hazard('add_column_identity', 'table-rewrite', {
    base: ORDERS,
    ...added('bigint GENERATED ALWAYS AS IDENTITY'),
    why: 'Each row gets a number.',
  }),
  hazard('add_column_generated', 'table-rewrite', {
    base: ORDERS,
    ...added('numeric GENERATED ALWAYS AS (amount * quantity) STORED'),
    why: 'Each row gets its value.',
  }),
  quiet('add_column_virtual', {
    base: ORDERS,
    since: 18,
    ...added('numeric GENERATED ALWAYS AS (amount * quantity) VIRTUAL'),
    why: 'The value is computed when it is read.',
  }),
  quiet('set_default_uuid', {
    base: [...ORDERS, alter('ADD COLUMN token uuid')],
    up: [alter('ALTER COLUMN token SET DEFAULT gen_random_uuid()')],
    down: [alter('ALTER COLUMN token DROP DEFAULT')],
    why: 'Rows that are there keep their values.',
  }),
  hazard('add_column_default_plpgsql', 'table-rewrite', {
    base: [...ORDERS, 'CREATE FUNCTION seven() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN 7; END $$'],
    ...added('integer DEFAULT seven()'),
    why: 'A function is volatile unless it says something else.',
  }),
  quiet('add_column_default_sql', {
    base: [...ORDERS, "CREATE FUNCTION seven() RETURNS integer LANGUAGE sql AS 'SELECT 7'"],
    ...added('integer DEFAULT seven()'),
    why: 'The planner puts the body in its place: a constant.',
  }),
  quiet('add_column_default_immutable', {
    base: [
      ...ORDERS,
      'CREATE FUNCTION seven() RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN 7; END $$',
    ],
    ...added('integer DEFAULT seven()'),
    why: 'One value for all rows.',
  }),
  hazard('add_column_checked_domain', 'table-rewrite', {
    or: ['blocking-scan'],
    base: [...ORDERS, 'CREATE DOMAIN positive AS integer CHECK (VALUE > 0)'],
    ...added('positive'),
    why: 'A domain with a check is written to each row.',
  }),
  hazard('integer_to_bigint', 'table-rewrite', {
    base: ORDERS,
    up: [alter('ALTER COLUMN quantity TYPE bigint')],
    down: [alter('ALTER COLUMN quantity TYPE integer')],
    why: 'Another size in each row.',
  }),
  hazard('integer_to_text', 'table-rewrite', {
    base: ORDERS,
    up: [alter('ALTER COLUMN quantity TYPE text')],
    down: [alter('ALTER COLUMN quantity TYPE integer USING quantity::integer')],
    why: 'Another form in each row.',
  }),
  hazard('text_to_enum', 'table-rewrite', {
    base: [...ORDERS, "CREATE TYPE state AS ENUM ('new', 'paid', 'sent')"],
    up: [
      alter('ALTER COLUMN state DROP DEFAULT'),
      alter('ALTER COLUMN state TYPE state USING state::state'),
      alter("ALTER COLUMN state SET DEFAULT 'new'"),
    ],
    down: [
      alter('ALTER COLUMN state DROP DEFAULT'),
      alter('ALTER COLUMN state TYPE text'),
      alter("ALTER COLUMN state SET DEFAULT 'new'"),
    ],
    why: 'Another form in each row.',
  }),
  quiet('varchar_widened', {
    base: [...ORDERS, 'CREATE INDEX orders_code ON orders (code)'],
    up: [alter('ALTER COLUMN code TYPE varchar(40)')],
    down: [alter('ALTER COLUMN code TYPE varchar(20)')],
    why: 'Neither table nor index is read.',
  }),
  hazard('varchar_narrowed', 'table-rewrite', {
    or: ['blocking-scan', 'breaks-clients'],
    base: ORDERS,
    up: [alter('ALTER COLUMN code TYPE varchar(10)')],
    down: [alter('ALTER COLUMN code TYPE varchar(20)')],
    why: 'The length of each value is checked, on its way to a new file.',
  }),
  hazard('varchar_too_narrow', 'fails-on-rows', {
    base: ORDERS,
    up: [alter('ALTER COLUMN code TYPE varchar(3)')],
    down: [alter('ALTER COLUMN code TYPE varchar(20)')],
    why: 'Codes are up to five characters long.',
  }),
  hazard('text_to_varchar', 'table-rewrite', {
    base: ORDERS,
    up: [alter('ALTER COLUMN note TYPE varchar(100)')],
    down: [alter('ALTER COLUMN note TYPE text')],
    why: 'The length of each value is checked, on its way to a new file.',
  }),
  quiet('varchar_to_text', {
    base: [...ORDERS, 'CREATE INDEX orders_code ON orders (code)'],
    up: [alter('ALTER COLUMN code TYPE text')],
    down: [alter('ALTER COLUMN code TYPE varchar(20)')],
    why: 'The same bytes.',
  }),
  quiet('numeric_widened', {
    base: ORDERS,
    up: [alter('ALTER COLUMN amount TYPE numeric(14, 2)')],
    down: [alter('ALTER COLUMN amount TYPE numeric(12, 2)')],
    why: 'The same bytes.',
  }),
  hazard('numeric_scale', 'table-rewrite', {
    base: ORDERS,
    up: [alter('ALTER COLUMN amount TYPE numeric(14, 4)')],
    down: [alter('ALTER COLUMN amount TYPE numeric(12, 2)')],
    why: 'Another scale in each value.',
  }),
  hazard('numeric_rounded', 'loses-rows', {
    base: ORDERS,
    up: [alter('ALTER COLUMN amount TYPE numeric(12, 0)')],
    down: [alter('ALTER COLUMN amount TYPE numeric(12, 2)')],
    why: 'Cents are rounded away.',
  }),
  hazard('numeric_too_narrow', 'fails-on-rows', {
    base: ORDERS,
    up: [alter('ALTER COLUMN amount TYPE numeric(4, 2)')],
    down: [alter('ALTER COLUMN amount TYPE numeric(12, 2)')],
    why: 'Amounts of a hundred and more do not fit.',
  }),
  hazard('text_to_integer', 'fails-on-rows', {
    base: ORDERS,
    up: [alter('ALTER COLUMN code TYPE integer USING code::integer')],
    down: [alter('ALTER COLUMN code TYPE varchar(20)')],
    why: 'Codes are no numbers.',
  }),
  quiet('cidr_to_inet', {
    base: [
      'CREATE TABLE nets (id bigint PRIMARY KEY, net cidr)',
      "INSERT INTO nets SELECT n, ('10.' || n % 200 || '.0.0/16')::cidr FROM generate_series(1, 3000) n",
    ],
    up: ['ALTER TABLE nets ALTER COLUMN net TYPE inet'],
    down: ['SELECT 1'],
    why: 'The same bytes.',
  }),
  quiet('timestamp_in_utc', {
    base: ORDERS,
    up: ["SET LOCAL timezone = 'UTC'", alter('ALTER COLUMN placed_at TYPE timestamptz')],
    down: ["SET LOCAL timezone = 'UTC'", alter('ALTER COLUMN placed_at TYPE timestamp')],
    why: 'Under UTC the same bytes.',
  }),
  hazard('timestamp_in_berlin', 'table-rewrite', {
    base: ORDERS,
    up: ["SET LOCAL timezone = 'Europe/Berlin'", alter('ALTER COLUMN placed_at TYPE timestamptz')],
    down: ["SET LOCAL timezone = 'Europe/Berlin'", alter('ALTER COLUMN placed_at TYPE timestamp')],
    why: 'Under another zone each value is another.',
  }),
  hazard('timestamp_by_expression', 'table-rewrite', {
    base: ORDERS,
    up: [alter("ALTER COLUMN placed_at TYPE timestamptz USING placed_at AT TIME ZONE 'UTC'")],
    down: [alter("ALTER COLUMN placed_at TYPE timestamp USING placed_at AT TIME ZONE 'UTC'")],
    why: 'An expression is computed for each row.',
  }),
  hazard('type_of_checked_column', 'blocking-scan', {
    base: [...ORDERS, alter("ADD CONSTRAINT orders_code CHECK (code <> '')")],
    up: [alter('ALTER COLUMN code TYPE varchar(40)')],
    down: [alter('ALTER COLUMN code TYPE varchar(20)')],
    why: 'Nothing is rewritten, but the check is made again, over all rows.',
  }),
  hazard('set_unlogged', 'table-rewrite', {
    base: ORDERS,
    up: [alter('SET UNLOGGED')],
    down: [alter('SET LOGGED')],
    why: 'The table is written to another file.',
  }),
  hazard('set_logged', 'table-rewrite', {
    base: [...ORDERS, alter('SET UNLOGGED')],
    up: [alter('SET LOGGED')],
    down: [alter('SET UNLOGGED')],
    why: 'The table is written to another file.',
  }),
  hazard('cluster', 'table-rewrite', {
    base: ORDERS,
    up: ['CLUSTER orders USING orders_pkey'],
    down: ['ALTER TABLE orders SET WITHOUT CLUSTER'],
    why: 'The table is written to another file.',
  }),
  hazard('vacuum_full', 'table-rewrite', {
    base: ORDERS,
    transaction: false,
    up: ['VACUUM FULL orders'],
    down: ['SELECT 1'],
    why: 'The table is written to another file.',
  }),
  quiet('vacuum', {
    base: ORDERS,
    transaction: false,
    up: ['VACUUM (ANALYZE) orders'],
    down: ['SELECT 1'],
    why: 'No client waits.',
  }),
  quiet('analyze', { base: ORDERS, up: ['ANALYZE orders'], down: ['SELECT 1'], why: 'No client waits.' }),
  quiet('set_storage_and_statistics', {
    base: ORDERS,
    up: [alter('ALTER COLUMN note SET STORAGE EXTERNAL'), alter('ALTER COLUMN note SET STATISTICS 500')],
    down: [alter('ALTER COLUMN note SET STATISTICS -1'), alter('ALTER COLUMN note SET STORAGE EXTENDED')],
    why: 'Settings of the catalogue.',
  }),
  quiet('fillfactor', {
    base: ORDERS,
    up: [alter('SET (fillfactor = 80)')],
    down: [alter('RESET (fillfactor)')],
    why: 'A setting of the catalogue.',
  }),
  hazard('type_of_partitions', 'table-rewrite', {
    base: EVENTS,
    up: ['ALTER TABLE events ALTER COLUMN id TYPE numeric'],
    down: ['ALTER TABLE events ALTER COLUMN id TYPE bigint'],
    why: 'All partitions are written to other files.',
  }),
  hazard('required_column', 'fails-on-rows', {
    base: ORDERS,
    ...added('text NOT NULL'),
    why: 'The rows that are there have no value for it.',
  }),
  quiet('required_column_of_empty_table', {
    base: [...CUSTOMERS, 'CREATE TABLE refunds (id bigint PRIMARY KEY)'],
    up: ['ALTER TABLE refunds ADD COLUMN reason text'],
    down: ['ALTER TABLE refunds DROP COLUMN reason'],
    why: 'A column that no client has to fill.',
  }),
]
