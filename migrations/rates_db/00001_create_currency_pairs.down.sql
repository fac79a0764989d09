DROP TABLE currency_pairs;

DROP DOMAIN currency_code;
