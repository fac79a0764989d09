-- +goose Up
INSERT INTO users (id, email, full_name)
VALUES ('00000000-0000-4000-8000-000000000001', 'alice@example.com', 'Alice Example')
ON CONFLICT DO NOTHING;

-- +goose Down
DELETE FROM users WHERE id = '00000000-0000-4000-8000-000000000001';
