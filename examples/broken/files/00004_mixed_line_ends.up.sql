CREATE TABLE villages (
    id bigint PRIMARY KEY,
    name text
);
