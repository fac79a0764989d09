-- numeric, not a float: 0.1 has no exact float, and rates are multiplied with money.
-- Named quoted_at, because "timestamp" is the name of a type.
CREATE TABLE exchange_rates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    base_currency currency_code NOT NULL,
    quote_currency currency_code NOT NULL,
    rate numeric(36, 18) NOT NULL CHECK (rate > 0),
    quoted_at timestamptz NOT NULL,
    FOREIGN KEY (base_currency, quote_currency) REFERENCES currency_pairs (base, quote) ON DELETE RESTRICT,
    CONSTRAINT exchange_rates_pair_key UNIQUE (base_currency, quote_currency)
);

CREATE INDEX exchange_rates_latest_idx ON exchange_rates (base_currency, quote_currency, quoted_at DESC);
