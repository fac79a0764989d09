ALTER TYPE kyc_status ADD VALUE 'withdrawn' BEFORE 'expired';
