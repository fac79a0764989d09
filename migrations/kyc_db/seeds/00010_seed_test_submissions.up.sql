-- The user is the second one of the seed of core_db.
INSERT INTO kyc_submissions (id, user_id, status, reviewed_at, reviewed_by) VALUES
    ('00000000-0000-4000-8000-000000000201', '00000000-0000-4000-8000-000000000002', 'approved',
     '2026-01-02 09:00:00+00', '00000000-0000-4000-8000-000000000001'),
    ('00000000-0000-4000-8000-000000000202', '00000000-0000-4000-8000-000000000002', 'pending', NULL, NULL)
ON CONFLICT (id) DO NOTHING;

INSERT INTO kyc_documents (id, submission_id, document_type, file_url, verified) VALUES
    ('00000000-0000-4000-8000-000000000301', '00000000-0000-4000-8000-000000000201', 'passport',
     'https://files.example.com/passport.jpg', true)
ON CONFLICT (id) DO NOTHING;
