CREATE TYPE kyc_status AS ENUM ('pending', 'approved', 'rejected');

CREATE TABLE kyc_submissions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    status kyc_status NOT NULL DEFAULT 'pending',
    submitted_at timestamptz NOT NULL DEFAULT now()
);
