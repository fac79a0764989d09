-- A table, not an enum: PostgreSQL cannot drop a value of an enum, so adding a currency would have no down.
-- The rows are part of the schema (wallets refer to them), so they are here and not in the seeds.
CREATE TABLE currencies (
    code text PRIMARY KEY CHECK (code ~ '^[A-Z]{3,10}$'),
    decimals smallint NOT NULL CHECK (decimals BETWEEN 0 AND 18)
);

INSERT INTO currencies (code, decimals) VALUES
    ('BTC', 8),
    ('ETH', 18),
    ('EUR', 2),
    ('USD', 2),
    ('USDT', 6);
