-- +goose Up
CREATE TABLE users (
    id bigint PRIMARY KEY,
    nickname text,
    email text
);

-- +goose Down
DROP TABLE users;
