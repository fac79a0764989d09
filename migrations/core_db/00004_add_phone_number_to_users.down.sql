-- This loses all phone numbers. It drops the check together with the column.
ALTER TABLE users DROP COLUMN phone_number;
