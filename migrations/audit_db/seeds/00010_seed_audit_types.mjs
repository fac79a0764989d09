// The kinds of events that the application writes.
const TYPES = [
  { id: '00000000-0000-4000-8000-000000000501', code: 'user.login', severity: 'info', about: 'A user logged in' },
  { id: '00000000-0000-4000-8000-000000000502', code: 'user.login_failed', severity: 'warning', about: 'A login was refused' },
  { id: '00000000-0000-4000-8000-000000000503', code: 'wallet.suspended', severity: 'critical', about: 'A wallet was suspended' },
  { id: '00000000-0000-4000-8000-000000000504', code: 'kyc.approved', severity: 'info', about: 'A submission was approved' },
]

export async function up({ query }) {
  for (const { id, code, severity, about } of TYPES) {
    await query(
      `INSERT INTO audit_event_types (id, code, severity, description) VALUES ($1, $2, $3, $4)
       ON CONFLICT (code) DO NOTHING`,
      [id, code, severity, about],
    )
  }
}

export async function down({ query }) {
  await query('DELETE FROM audit_event_types WHERE id = ANY ($1::uuid[])', [TYPES.map(({ id }) => id)])
}
