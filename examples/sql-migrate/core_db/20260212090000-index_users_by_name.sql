-- +migrate Up notransaction
CREATE INDEX CONCURRENTLY users_full_name_idx ON users (full_name);

-- +migrate Down notransaction
DROP INDEX CONCURRENTLY users_full_name_idx;
