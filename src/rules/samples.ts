// Migrations that the samples of several rules have in common.

/** As it should be: the good sample of many rules. */
export const ADD_PHONE = `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`

/** It is on the base branch already, for samples of a change. */
export const MERGED_PHONE = `-- 00003_add_phone.up.sql, as merged
ALTER TABLE users ADD COLUMN phone text;
-- 00003_add_phone.down.sql, as merged
ALTER TABLE users DROP COLUMN phone;`

/** Merged and followed by the next number, as it should be. */
export const FAX_AFTER_PHONE = `${MERGED_PHONE}
-- 00004_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00004_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`

/** It is on the base branch, and the change deletes it. */
export const DELETED_PHONE = `-- 00002_add_phone.up.sql, merged and deleted here
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql, merged and deleted here
ALTER TABLE users DROP COLUMN phone;`

/** A table with rows on the base branch, for samples of what a change does to a database in use. */
export const MERGED_ORDERS = `-- 00001_orders.up.sql, as merged
CREATE TABLE orders (id bigint PRIMARY KEY, state text DEFAULT 'open', note text);
INSERT INTO orders SELECT n, 'open', 'none' FROM generate_series(1, 5000) n;
-- 00001_orders.down.sql, as merged
DROP TABLE orders;`

/** The same for goose. */
export const MERGED_ORDERS_GOOSE = `-- 00001_orders.sql, as merged
-- +goose Up
CREATE TABLE orders (id bigint PRIMARY KEY, state text DEFAULT 'open', note text);
INSERT INTO orders SELECT n, 'open', 'none' FROM generate_series(1, 5000) n;
-- +goose Down
DROP TABLE orders;`
