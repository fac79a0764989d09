INSERT INTO audit_event_types (id, code, severity, description) VALUES
    ('00000000-0000-4000-8000-000000000501', 'user.login', 'info', 'A user logged in'),
    ('00000000-0000-4000-8000-000000000502', 'user.login_failed', 'warning', 'A login was refused'),
    ('00000000-0000-4000-8000-000000000503', 'wallet.suspended', 'critical', 'A wallet was suspended'),
    ('00000000-0000-4000-8000-000000000504', 'kyc.approved', 'info', 'A submission was approved')
ON CONFLICT (code) DO NOTHING;
