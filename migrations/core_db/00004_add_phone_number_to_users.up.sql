ALTER TABLE users ADD COLUMN phone_number text;

-- NOT VALID takes the lock only for a moment. VALIDATE then reads the table while other sessions write.
ALTER TABLE users ADD CONSTRAINT users_phone_number_check CHECK (phone_number ~ '^[+][1-9][0-9]{6,14}$') NOT VALID;

ALTER TABLE users VALIDATE CONSTRAINT users_phone_number_check;
