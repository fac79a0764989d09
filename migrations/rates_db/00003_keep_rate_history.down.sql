-- This loses the history. The current rates stay.
DROP TRIGGER exchange_rates_keep ON exchange_rates;

DROP FUNCTION keep_exchange_rate();

DROP TABLE exchange_rate_history;
