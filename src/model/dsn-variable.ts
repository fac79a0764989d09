// The variable that holds the DSN of a database, where the config names none.

/** `CORE_DB_DSN` for the database `core_db`. A variable cannot begin with a digit, so `_` goes before one. */
export function dsnVariable(name: string): string {
  const variable = `${name}_DSN`.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
  return /^[0-9]/.test(variable) ? `_${variable}` : variable
}
