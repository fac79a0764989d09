-- +goose Up
ALTER TABLE users ADD COLUMN phone_number text;

-- +goose Down
ALTER TABLE users DROP COLUMN phone_number;
