CREATE TYPE transaction_kind AS ENUM ('deposit', 'withdrawal', 'transfer', 'fee');

CREATE TABLE wallet_transactions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    wallet_id uuid NOT NULL REFERENCES wallets (id) ON DELETE RESTRICT,
    kind transaction_kind NOT NULL,
    amount numeric(36, 18) NOT NULL CHECK (amount <> 0),
    reference text NOT NULL,
    booked_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (wallet_id, reference)
);

COMMENT ON COLUMN wallet_transactions.reference IS 'Chosen by the caller; the same reference is booked once.';

CREATE FUNCTION book_wallet_transaction() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE wallets SET balance = balance + NEW.amount WHERE id = NEW.wallet_id;
    RETURN NULL;
END;
$$;

CREATE TRIGGER wallet_transactions_book
    AFTER INSERT ON wallet_transactions
    FOR EACH ROW
    EXECUTE FUNCTION book_wallet_transaction();
