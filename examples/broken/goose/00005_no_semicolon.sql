-- +goose Up
ALTER TABLE users ADD COLUMN zip text

-- +goose Down
ALTER TABLE users DROP COLUMN zip;
