CREATE TABLE kyc_documents (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    submission_id uuid NOT NULL REFERENCES kyc_submissions (id) ON DELETE CASCADE,
    file_url text NOT NULL
);
