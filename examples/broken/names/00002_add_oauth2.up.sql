ALTER TABLE users ADD COLUMN oauth text;
