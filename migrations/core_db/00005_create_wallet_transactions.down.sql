-- Loses the bookings; the balances stay as they are.
DROP TABLE wallet_transactions;

DROP FUNCTION book_wallet_transaction();

DROP TYPE transaction_kind;
