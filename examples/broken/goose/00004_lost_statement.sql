-- +goose Up
-- +goose StatementBegin
-- +goose StatementEnd
ALTER TABLE users ADD COLUMN city text;
ALTER TABLE users ADD COLUMN street text;

-- +goose Down
ALTER TABLE users DROP COLUMN street;
