-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY users_full_name_idx ON users (full_name);

-- +goose Down
DROP INDEX CONCURRENTLY users_full_name_idx;
