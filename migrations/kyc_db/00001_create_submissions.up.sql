CREATE TYPE kyc_status AS ENUM ('pending', 'under_review', 'approved', 'rejected', 'expired');

-- Independent of the function with this name in core_db: the databases share nothing.
CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;

-- user_id is users.id of core_db. A foreign key cannot reach another database, so the application guarantees it.
CREATE TABLE kyc_submissions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    status kyc_status NOT NULL DEFAULT 'pending',
    submitted_at timestamptz NOT NULL DEFAULT now(),
    reviewed_at timestamptz,
    reviewed_by uuid,
    rejection_reason text,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX kyc_submissions_user_idx ON kyc_submissions (user_id);

CREATE INDEX kyc_submissions_status_idx ON kyc_submissions (status, submitted_at);

CREATE TRIGGER kyc_submissions_set_updated_at
    BEFORE UPDATE ON kyc_submissions
    FOR EACH ROW
    EXECUTE FUNCTION set_updated_at();
