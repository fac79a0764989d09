-- Loses every phone number that was entered since. The check goes with the column.
ALTER TABLE users DROP COLUMN phone_number;
