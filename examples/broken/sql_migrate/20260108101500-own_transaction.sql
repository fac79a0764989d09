-- +migrate Up
BEGIN;
ALTER TABLE users ADD COLUMN zip text;
COMMIT;

-- +migrate Down
ALTER TABLE users DROP COLUMN zip;
