DROP TABLE kyc_documents;
