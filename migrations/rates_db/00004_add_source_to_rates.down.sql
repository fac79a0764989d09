-- The function first: it writes the column that is dropped below.
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

-- The old constraint allows one rate for each pair. Keep the newest rate of each pair, so the constraint can return.
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
