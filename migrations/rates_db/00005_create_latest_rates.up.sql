CREATE VIEW latest_rates AS
SELECT DISTINCT ON (base_currency, quote_currency)
    base_currency, quote_currency, rate, source, quoted_at
FROM exchange_rates
ORDER BY base_currency, quote_currency, quoted_at DESC;

CREATE FUNCTION convert_amount(amount numeric, from_currency text, to_currency text) RETURNS numeric
LANGUAGE sql STABLE
RETURN (
    SELECT amount * l.rate
    FROM latest_rates AS l
    WHERE l.base_currency = from_currency
      AND l.quote_currency = to_currency
);
