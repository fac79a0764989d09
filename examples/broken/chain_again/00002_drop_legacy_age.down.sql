ALTER TABLE legacy_users ADD COLUMN age integer;
