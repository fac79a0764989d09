INSERT INTO settings (name)
SELECT 'language' WHERE NOT EXISTS (SELECT FROM settings WHERE name = 'language');
