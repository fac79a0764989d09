-- A trigger copied the rates into the history, so they have to go from there too.
DELETE FROM exchange_rates WHERE source = 'seed';

DELETE FROM exchange_rate_history WHERE source = 'seed';
