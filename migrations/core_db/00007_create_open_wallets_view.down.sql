DROP VIEW open_wallets;
