CREATE INDEX kyc_documents_submission_idx ON kyc_documents (submission_id);

-- This also drops its check and its index.
ALTER TABLE kyc_documents DROP COLUMN sha256;
