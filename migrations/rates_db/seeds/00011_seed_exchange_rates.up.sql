-- Invented rates. The source "seed" belongs to this file alone: real rates of the same pairs are not overwritten, and
-- quoted_at is fixed so that a second run finds nothing to do.
INSERT INTO exchange_rates (base_currency, quote_currency, rate, source, quoted_at) VALUES
    ('BTC', 'USD', 42000.00, 'seed', '2026-01-01 00:00:00+00'),
    ('ETH', 'USD', 2200.00, 'seed', '2026-01-01 00:00:00+00'),
    ('USDT', 'USD', 1.00, 'seed', '2026-01-01 00:00:00+00'),
    ('BTC', 'EUR', 38000.00, 'seed', '2026-01-01 00:00:00+00'),
    ('ETH', 'EUR', 2000.00, 'seed', '2026-01-01 00:00:00+00')
ON CONFLICT (base_currency, quote_currency, source) DO NOTHING;
