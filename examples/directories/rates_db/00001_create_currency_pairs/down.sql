DROP TABLE currency_pairs;
