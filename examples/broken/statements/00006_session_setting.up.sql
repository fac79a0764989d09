CREATE SCHEMA reports;

SET search_path = reports;

CREATE TABLE totals (day date PRIMARY KEY);
