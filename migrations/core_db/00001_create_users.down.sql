-- No IF EXISTS and no CASCADE: if the schema is not as the up left it, this must fail.
DROP TABLE users;

DROP FUNCTION set_updated_at();
