DROP TABLE wallets;

DROP TYPE wallet_status;
