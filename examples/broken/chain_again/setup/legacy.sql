-- What the database has before the first migration.
CREATE TABLE legacy_users (id bigint, age integer, email text);
