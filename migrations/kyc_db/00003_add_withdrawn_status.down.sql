-- PostgreSQL cannot drop a value of an enum, so this creates the type again without it. Withdrawn submissions become
-- expired. After the down, the database no longer knows which ones were withdrawn.
ALTER TYPE kyc_status RENAME TO kyc_status_with_withdrawn;

CREATE TYPE kyc_status AS ENUM ('pending', 'under_review', 'approved', 'rejected', 'expired');

ALTER TABLE kyc_submissions
    ALTER COLUMN status DROP DEFAULT,
    ALTER COLUMN status TYPE kyc_status
        USING (CASE status WHEN 'withdrawn' THEN 'expired' ELSE status::text END)::kyc_status,
    ALTER COLUMN status SET DEFAULT 'pending';

DROP TYPE kyc_status_with_withdrawn;
