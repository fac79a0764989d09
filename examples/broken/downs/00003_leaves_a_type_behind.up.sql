CREATE TYPE mood AS ENUM ('fine', 'bad');

ALTER TABLE users ADD COLUMN mood mood;
