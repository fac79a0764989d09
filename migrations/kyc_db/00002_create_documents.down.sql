DROP TABLE kyc_documents;

DROP TYPE document_type;
