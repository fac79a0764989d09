-- A table and not an enum: a value of an enum cannot be taken back, so adding the next currency would have no down.
-- The rows are part of the schema (wallets refer to them), which is why they are here and not among the seeds.
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
