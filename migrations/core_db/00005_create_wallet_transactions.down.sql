-- This loses the transactions. The balances stay.
DROP TABLE wallet_transactions;

DROP FUNCTION book_wallet_transaction();

DROP TYPE transaction_kind;
