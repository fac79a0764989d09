-- +migrate Up
CREATE TABLE users (
    id bigint PRIMARY KEY,
    nickname text,
    email text
);

-- +migrate Down
DROP TABLE users;
