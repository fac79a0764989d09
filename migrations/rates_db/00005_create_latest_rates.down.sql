DROP FUNCTION convert_amount(numeric, text, text);

DROP VIEW latest_rates;
