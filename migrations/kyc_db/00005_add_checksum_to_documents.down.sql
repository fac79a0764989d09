CREATE INDEX kyc_documents_submission_idx ON kyc_documents (submission_id);

-- Takes its check and its index with it.
ALTER TABLE kyc_documents DROP COLUMN sha256;
