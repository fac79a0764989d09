// Submissions of the test users of core_db. A foreign key cannot reach another database, so this file repeats their ids.
const ADMIN = '00000000-0000-4000-8000-000000000001'
const ALICE = '00000000-0000-4000-8000-000000000002'
const BOB = '00000000-0000-4000-8000-000000000003'

const SUBMISSIONS = [
  {
    id: '00000000-0000-4000-8000-000000000201',
    user: ALICE,
    status: 'approved',
    reviewedAt: '2026-01-02 09:00:00+00',
    reviewedBy: ADMIN,
  },
  { id: '00000000-0000-4000-8000-000000000202', user: BOB, status: 'pending', reviewedAt: null, reviewedBy: null },
]
const DOCUMENT = '00000000-0000-4000-8000-000000000301'

export async function up({ query }) {
  for (const { id, user, status, reviewedAt, reviewedBy } of SUBMISSIONS) {
    await query(
      `INSERT INTO kyc_submissions (id, user_id, status, reviewed_at, reviewed_by) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO NOTHING`,
      [id, user, status, reviewedAt, reviewedBy],
    )
  }
  await query(
    `INSERT INTO kyc_documents (id, submission_id, document_type, file_url, verified) VALUES ($1, $2, 'passport', $3, true)
     ON CONFLICT (id) DO NOTHING`,
    [DOCUMENT, SUBMISSIONS[0].id, 'https://files.example.com/passport.jpg'],
  )
}

export async function down({ query }) {
  await query('DELETE FROM kyc_documents WHERE id = $1', [DOCUMENT])
  await query('DELETE FROM kyc_submissions WHERE id = ANY ($1::uuid[])', [SUBMISSIONS.map(({ id }) => id)])
}
