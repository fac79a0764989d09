-- Alone in its file: CONCURRENTLY cannot run in a transaction, and the statements of one file share one.
CREATE INDEX CONCURRENTLY wallet_transactions_wallet_time_idx ON wallet_transactions (wallet_id, booked_at DESC);
