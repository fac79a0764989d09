-- gen_random_uuid() is part of PostgreSQL since version 13. So this does not need the extension uuid-ossp, and the down
-- does not have to drop an extension that others may use.
CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;

-- timestamptz is a point in time. A timestamp without a zone depends on the server's time zone.
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    password_hash text NOT NULL,
    full_name text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);

-- One active account per address, in upper or lower case. A UNIQUE column would block the address of a deleted account
-- forever, and would accept Ann@example.com next to ann@example.com.
CREATE UNIQUE INDEX users_email_key ON users (lower(email)) WHERE deleted_at IS NULL;

CREATE INDEX users_created_at_idx ON users (created_at);

CREATE TRIGGER users_set_updated_at
    BEFORE UPDATE ON users
    FOR EACH ROW
    EXECUTE FUNCTION set_updated_at();
