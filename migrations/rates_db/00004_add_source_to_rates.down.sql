-- The function first: as the up left it, it writes a column that is about to go.
CREATE OR REPLACE FUNCTION keep_exchange_rate() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO exchange_rate_history (base_currency, quote_currency, rate, quoted_at)
    VALUES (NEW.base_currency, NEW.quote_currency, NEW.rate, NEW.quoted_at);
    RETURN NULL;
END;
$$;

ALTER TABLE exchange_rate_history DROP COLUMN source;

-- Before this migration a pair had one rate. Keep the newest of each pair, or the old constraint cannot come back.
DELETE FROM exchange_rates AS r
WHERE EXISTS (
    SELECT FROM exchange_rates AS n
    WHERE (n.base_currency, n.quote_currency) = (r.base_currency, r.quote_currency)
      AND (n.quoted_at, n.id) > (r.quoted_at, r.id)
);

ALTER TABLE exchange_rates
    DROP CONSTRAINT exchange_rates_source_key,
    ADD CONSTRAINT exchange_rates_pair_key UNIQUE (base_currency, quote_currency);

ALTER TABLE exchange_rates DROP COLUMN source;
