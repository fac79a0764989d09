-- By id and not by address: an account that was there before the seed keeps its own id, and stays.
DELETE FROM wallets WHERE id IN (
    '00000000-0000-4000-8000-000000000101',
    '00000000-0000-4000-8000-000000000102'
);

DELETE FROM users WHERE id IN (
    '00000000-0000-4000-8000-000000000001',
    '00000000-0000-4000-8000-000000000002'
);
