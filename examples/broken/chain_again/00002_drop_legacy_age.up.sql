ALTER TABLE legacy_users DROP COLUMN age;
