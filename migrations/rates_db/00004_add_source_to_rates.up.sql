-- The history gets the source as well. Its old rows have no known source and keep NULL.
ALTER TABLE exchange_rates ADD COLUMN source text NOT NULL DEFAULT 'manual';

-- The default was only for existing rows. New rows must state their source.
ALTER TABLE exchange_rates ALTER COLUMN source DROP DEFAULT;

ALTER TABLE exchange_rates
    DROP CONSTRAINT exchange_rates_pair_key,
    ADD CONSTRAINT exchange_rates_source_key UNIQUE (base_currency, quote_currency, source);

ALTER TABLE exchange_rate_history ADD COLUMN source text;

CREATE OR REPLACE FUNCTION keep_exchange_rate() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO exchange_rate_history (base_currency, quote_currency, rate, quoted_at, source)
    VALUES (NEW.base_currency, NEW.quote_currency, NEW.rate, NEW.quoted_at, NEW.source);
    RETURN NULL;
END;
$$;
