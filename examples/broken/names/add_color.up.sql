ALTER TABLE users ADD COLUMN color text;
