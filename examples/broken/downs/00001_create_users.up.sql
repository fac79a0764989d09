CREATE TABLE users (
    id bigint PRIMARY KEY,
    nickname text,
    email text
);

CREATE INDEX users_email_idx ON users (email);

CREATE TABLE settings (name text PRIMARY KEY, value text);
