-- +migrate up
ALTER TABLE users ADD COLUMN phone text;

-- +migrate Down
ALTER TABLE users DROP COLUMN phone;
