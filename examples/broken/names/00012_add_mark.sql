ALTER TABLE users ADD COLUMN mark text;
