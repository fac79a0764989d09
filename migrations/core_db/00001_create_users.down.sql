-- No IF EXISTS and no CASCADE: if something is not as the up left it, this has to fail and be looked at.
DROP TABLE users;

DROP FUNCTION set_updated_at();
