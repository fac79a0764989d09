CREATE TABLE users (id bigint, age integer, email text);

-- Without a column list: relies on the order of the columns.
INSERT INTO users SELECT * FROM legacy_users;
