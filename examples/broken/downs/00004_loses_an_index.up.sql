DROP INDEX users_email_idx;

CREATE INDEX users_email_lower_idx ON users (lower(email));

ALTER TABLE users ALTER COLUMN email SET NOT NULL;
