CREATE TYPE document_type AS ENUM ('passport', 'national_id', 'drivers_license', 'proof_of_address');

CREATE TABLE kyc_documents (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    submission_id uuid NOT NULL REFERENCES kyc_submissions (id) ON DELETE CASCADE,
    document_type document_type NOT NULL,
    file_url text NOT NULL,
    verified boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX kyc_documents_submission_idx ON kyc_documents (submission_id);

CREATE TRIGGER kyc_documents_set_updated_at
    BEFORE UPDATE ON kyc_documents
    FOR EACH ROW
    EXECUTE FUNCTION set_updated_at();
