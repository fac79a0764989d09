INSERT INTO settings (name) VALUES ('theme');
