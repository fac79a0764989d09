CREATE TABLE settings (name text PRIMARY KEY);
