// Which variables of the environment a migration file may ask for.

const PRIVATE =
  /^(?:INPUT_|ACTIONS_|RUNNER_|NODE_|NPM_|PG)|TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|_KEY$|APIKEY|DSN$|DATABASE_URL/i

/**
 * The variables without those that look like secrets or belong to the machinery: what a file asks for becomes SQL, and SQL
 * of a pull request is shown in its report.
 */
export function variablesForMigrations(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !PRIVATE.test(name)))
}

/** Ways to our own machinery and to databases, for which a seed has its query function. */
const MACHINERY = /^(?:INPUT_|ACTIONS_|NODE_|NPM_|PG)|^GITHUB_TOKEN$|DSN$|DATABASE_URL/i

/** The variables for seeds that somebody runs on purpose: with secrets (a password to hash, a key of a service). */
export function variablesForSeeds(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !MACHINERY.test(name)))
}

/** Shorter texts stand in too many words for hiding them to help. */
const SHORTEST = 4

/** The values of variables that look like secrets. */
export const secretValues = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(environment).flatMap(([name, value]) => (PRIVATE.test(name) && value !== undefined ? [value] : []))

/** The text without the secrets, longest first. */
export function hideIn(text: string, secrets: Iterable<string>): string {
  const longestFirst = [...secrets].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length)
  return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}
