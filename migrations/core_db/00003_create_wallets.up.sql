CREATE TYPE wallet_status AS ENUM ('active', 'suspended', 'closed');

-- 18 decimal places hold the smallest unit of every currency above. 8 would truncate ether.
-- RESTRICT, not CASCADE: deleting a user must not delete the user's money.
CREATE TABLE wallets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    currency text NOT NULL REFERENCES currencies (code) ON DELETE RESTRICT,
    balance numeric(36, 18) NOT NULL DEFAULT 0 CHECK (balance >= 0),
    status wallet_status NOT NULL DEFAULT 'active',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, currency)
);

-- The unique constraint already supports look-ups by user, so there is no index on user_id alone.
CREATE INDEX wallets_currency_idx ON wallets (currency);

CREATE INDEX wallets_not_active_idx ON wallets (status) WHERE status <> 'active';

CREATE TRIGGER wallets_set_updated_at
    BEFORE UPDATE ON wallets
    FOR EACH ROW
    EXECUTE FUNCTION set_updated_at();
