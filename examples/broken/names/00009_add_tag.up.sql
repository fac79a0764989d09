ALTER TABLE users ADD COLUMN tag text;
