-- migrate:up
CREATE TABLE users (
    id bigint PRIMARY KEY,
    nickname text,
    email text
);

-- migrate:down
DROP TABLE users;
