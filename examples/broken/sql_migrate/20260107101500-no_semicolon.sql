-- +migrate Up
ALTER TABLE users ADD COLUMN city text

-- +migrate Down
ALTER TABLE users DROP COLUMN city;
