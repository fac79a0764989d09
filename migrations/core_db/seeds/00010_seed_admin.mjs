// The account of the administrator, for development, tests and staging.
const ID = '00000000-0000-4000-8000-000000000001'
const EMAIL = 'admin@example.com'
const DEFAULT_PASSWORD = 'admin-for-development-only'

export async function up({ query, hash, environment, log }) {
  const accounts = await query('SELECT 1 FROM users WHERE id = $1 OR (lower(email) = $2 AND deleted_at IS NULL)', [
    ID,
    EMAIL,
  ])
  if (accounts.length > 0) return log(`${EMAIL} is there already`)
  const password = passwordFor(environment, log)
  await query('INSERT INTO users (id, email, password_hash, full_name) VALUES ($1, $2, $3, $4)', [
    ID,
    EMAIL,
    await hash(password),
    'System Administrator',
  ])
  log(`${EMAIL} was added`)
}

// By id, not by address: an account from before the seed has another id, so it stays.
export async function down({ query }) {
  await query('DELETE FROM users WHERE id = $1', [ID])
}

function passwordFor(environment, log) {
  const given = process.env.SEED_ADMIN_PASSWORD ?? ''
  if (given !== '') return given
  if (environment === 'development' || environment === 'test') {
    log('SEED_ADMIN_PASSWORD is not set: the administrator gets the development password from this file')
    return DEFAULT_PASSWORD
  }
  throw new Error(`SEED_ADMIN_PASSWORD is not set, and there is no default for ${environment}`)
}
