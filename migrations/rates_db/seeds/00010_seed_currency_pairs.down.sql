-- By id: a pair that was there before the seed has another one. Never TRUNCATE, which would take everybody's rows.
DELETE FROM currency_pairs WHERE id IN (
    '00000000-0000-4000-8000-000000000401',
    '00000000-0000-4000-8000-000000000402',
    '00000000-0000-4000-8000-000000000403',
    '00000000-0000-4000-8000-000000000404',
    '00000000-0000-4000-8000-000000000405'
);
