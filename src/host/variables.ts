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
