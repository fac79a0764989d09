// Decides which environment variables migration files and seeds may read.

const PRIVATE =
  /^(?:INPUT_|ACTIONS_|RUNNER_|NODE_|NPM_|PG)|TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|_KEY$|APIKEY|DSN$|DATABASE_URL/i

/**
 * The variables without secrets and without those of the runner. Their values become SQL, and the report of a pull request
 * shows its SQL.
 */
export function variablesForMigrations(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !PRIVATE.test(name)))
}

/** Variables of the runner and of databases. A seed has its query function instead. */
const MACHINERY = /^(?:INPUT_|ACTIONS_|NODE_|NPM_|PG)|^GITHUB_TOKEN$|DSN$|DATABASE_URL/i

/** The variables for the command seed, with secrets (a password to hash, a key of a service). */
export function variablesForSeeds(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !MACHINERY.test(name)))
}

/** Shorter texts are part of too many words to hide them. */
const SHORTEST = 4

/** The values of variables that look like secrets. */
export const secretValues = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(environment).flatMap(([name, value]) => (PRIVATE.test(name) && value !== undefined ? [value] : []))

/** Removes the secrets from the text, longest first. */
export function hideIn(text: string, secrets: Iterable<string>): string {
  const longestFirst = [...secrets].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length)
  return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}
