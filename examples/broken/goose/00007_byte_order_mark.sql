-- +goose Up
ALTER TABLE users ADD COLUMN country text;

-- +goose Down
ALTER TABLE users DROP COLUMN country;
