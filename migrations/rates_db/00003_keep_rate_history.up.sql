CREATE TABLE exchange_rate_history (
    base_currency currency_code NOT NULL,
    quote_currency currency_code NOT NULL,
    rate numeric(36, 18) NOT NULL,
    quoted_at timestamptz NOT NULL
) PARTITION BY RANGE (quoted_at);

-- The bounds include the time zone. Otherwise they would depend on the session that creates them.
CREATE TABLE exchange_rate_history_first_year PARTITION OF exchange_rate_history
    FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');

CREATE TABLE exchange_rate_history_rest PARTITION OF exchange_rate_history DEFAULT;

CREATE INDEX exchange_rate_history_pair_idx
    ON exchange_rate_history (base_currency, quote_currency, quoted_at DESC);

CREATE FUNCTION keep_exchange_rate() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO exchange_rate_history (base_currency, quote_currency, rate, quoted_at)
    VALUES (NEW.base_currency, NEW.quote_currency, NEW.rate, NEW.quoted_at);
    RETURN NULL;
END;
$$;

CREATE TRIGGER exchange_rates_keep
    AFTER INSERT OR UPDATE OF rate ON exchange_rates
    FOR EACH ROW
    EXECUTE FUNCTION keep_exchange_rate();
