ALTER TABLE kyc_documents ADD COLUMN sha256 bytea;

ALTER TABLE kyc_documents ADD CONSTRAINT kyc_documents_sha256_check CHECK (octet_length(sha256) = 32);

CREATE UNIQUE INDEX kyc_documents_sha256_key ON kyc_documents (submission_id, sha256);

-- With the index on (submission_id, sha256), the index on submission_id alone is written and never read.
DROP INDEX kyc_documents_submission_idx;
