-- migrate:up
ALTER TABLE users ADD COLUMN city text;

-- migrate:down
