INSERT INTO settings (name) VALUES ('theme');

ALTER TABLE users ADD COLUMN theme text;
