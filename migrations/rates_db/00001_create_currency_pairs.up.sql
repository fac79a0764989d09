CREATE DOMAIN currency_code AS text CHECK (VALUE ~ '^[A-Z]{3,10}$');

CREATE TABLE currency_pairs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    base currency_code NOT NULL,
    quote currency_code NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (base, quote),
    CHECK (base <> quote)
);
