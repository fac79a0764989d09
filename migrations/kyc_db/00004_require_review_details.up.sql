ALTER TABLE kyc_submissions
    ADD CONSTRAINT kyc_submissions_review_check
        CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL)) NOT VALID,
    ADD CONSTRAINT kyc_submissions_rejection_check
        CHECK (status <> 'rejected' OR rejection_reason IS NOT NULL) NOT VALID;

ALTER TABLE kyc_submissions VALIDATE CONSTRAINT kyc_submissions_review_check;

ALTER TABLE kyc_submissions VALIDATE CONSTRAINT kyc_submissions_rejection_check;
