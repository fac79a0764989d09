CREATE TABLE cities (id bigint PRIMARY KEY);
-- Zürich in ISO-8859-1
