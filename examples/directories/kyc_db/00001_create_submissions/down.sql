DROP TABLE kyc_submissions;

DROP TYPE kyc_status;
