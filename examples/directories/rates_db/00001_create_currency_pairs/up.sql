CREATE TABLE currency_pairs (
    base text NOT NULL,
    quote text NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    PRIMARY KEY (base, quote)
);
