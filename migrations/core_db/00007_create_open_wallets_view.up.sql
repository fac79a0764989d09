CREATE VIEW open_wallets AS
SELECT w.id, w.user_id, u.email, w.currency, w.balance, w.status
FROM wallets AS w
JOIN users AS u ON u.id = w.user_id
WHERE w.status <> 'closed'
  AND u.deleted_at IS NULL;
