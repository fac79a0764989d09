-- gen_random_uuid() is part of PostgreSQL since version 13. The extension uuid-ossp is not needed, so the down need not
-- drop one that the database may have had before, or that others use.
CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;

-- timestamptz is a point in time; timestamp without a zone means another moment on every server.
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    password_hash text NOT NULL,
    full_name text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);

-- One living account per address, whatever its case. A UNIQUE on the column would keep the address of a deleted account
-- taken for ever, and let Ann@example.com sign up beside ann@example.com.
CREATE UNIQUE INDEX users_email_key ON users (lower(email)) WHERE deleted_at IS NULL;

CREATE INDEX users_created_at_idx ON users (created_at);

CREATE TRIGGER users_set_updated_at
    BEFORE UPDATE ON users
    FOR EACH ROW
    EXECUTE FUNCTION set_updated_at();
