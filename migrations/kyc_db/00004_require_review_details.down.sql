ALTER TABLE kyc_submissions
    DROP CONSTRAINT kyc_submissions_rejection_check,
    DROP CONSTRAINT kyc_submissions_review_check;
