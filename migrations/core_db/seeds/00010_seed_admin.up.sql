-- For development and tests. The account cannot log in: no hash equals '!', so a password has to be set first.
-- A seed in SQL must not hold a password, nor a hash that everybody can look up.
INSERT INTO users (id, email, password_hash, full_name) VALUES
    ('00000000-0000-4000-8000-000000000001', 'admin@example.com', '!', 'System Administrator'),
    ('00000000-0000-4000-8000-000000000002', 'alice@example.com', '!', 'Alice Example')
ON CONFLICT DO NOTHING;

-- Nothing if one of the addresses belonged to somebody else before.
INSERT INTO wallets (id, user_id, currency)
SELECT v.id, v.user_id, v.currency
FROM (
    VALUES
        ('00000000-0000-4000-8000-000000000101'::uuid, '00000000-0000-4000-8000-000000000002'::uuid, 'BTC'),
        ('00000000-0000-4000-8000-000000000102'::uuid, '00000000-0000-4000-8000-000000000002'::uuid, 'EUR')
) AS v (id, user_id, currency)
JOIN users AS u ON u.id = v.user_id
ON CONFLICT DO NOTHING;
