-- Alone in its file: CONCURRENTLY cannot share a transaction, and several statements of one file are one.
CREATE INDEX CONCURRENTLY wallet_transactions_wallet_time_idx ON wallet_transactions (wallet_id, booked_at DESC);
