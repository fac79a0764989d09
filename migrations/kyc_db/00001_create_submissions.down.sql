DROP TABLE kyc_submissions;

DROP FUNCTION set_updated_at();

DROP TYPE kyc_status;
