-- +goose Up
ALTER TABLE users ADD COLUMN remark text;

-- +goose Down
ALTER TABLE users DROP COLUMN remark;
