-- migrate:up
CREATE TABLE exchange_rates (
    base text NOT NULL,
    quote text NOT NULL,
    rate numeric(36, 18) NOT NULL CHECK (rate > 0),
    quoted_at timestamptz NOT NULL,
    PRIMARY KEY (base, quote, quoted_at),
    FOREIGN KEY (base, quote) REFERENCES currency_pairs (base, quote)
);

-- migrate:down
DROP TABLE exchange_rates;
