// Test users and their wallets. They cannot log in before they have a password, because no hash equals '!'.
const USERS = [
  {
    id: '00000000-0000-4000-8000-000000000002',
    email: 'alice@example.com',
    name: 'Alice Example',
    wallets: [
      { id: '00000000-0000-4000-8000-000000000101', currency: 'BTC' },
      { id: '00000000-0000-4000-8000-000000000102', currency: 'EUR' },
    ],
  },
  {
    id: '00000000-0000-4000-8000-000000000003',
    email: 'bob@example.com',
    name: 'Bob Example',
    wallets: [{ id: '00000000-0000-4000-8000-000000000103', currency: 'ETH' }],
  },
]

export async function up({ query, log }) {
  for (const { id, email, name, wallets } of USERS) {
    const added = await query(
      `INSERT INTO users (id, email, password_hash, full_name) VALUES ($1, $2, '!', $3)
       ON CONFLICT DO NOTHING RETURNING id`,
      [id, email, name],
    )
    // The address may belong to another account. That account gets no wallets.
    for (const wallet of wallets) {
      await query(
        `INSERT INTO wallets (id, user_id, currency) SELECT $1::uuid, id, $3 FROM users WHERE id = $2
         ON CONFLICT DO NOTHING`,
        [wallet.id, id, wallet.currency],
      )
    }
    if (added.length > 0) log(`${email} was added`)
  }
}

export async function down({ query }) {
  const wallets = USERS.flatMap((user) => user.wallets.map(({ id }) => id))
  await query('DELETE FROM wallets WHERE id = ANY ($1::uuid[])', [wallets])
  await query('DELETE FROM users WHERE id = ANY ($1::uuid[])', [USERS.map(({ id }) => id)])
}
