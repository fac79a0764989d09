-- migrate:up
CREATE TABLE currency_pairs (
    base text NOT NULL,
    quote text NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    PRIMARY KEY (base, quote)
);

-- migrate:down
DROP TABLE currency_pairs;
