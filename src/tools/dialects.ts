// Words in file and folder names that name the database server that something is written for.

const POSTGRES = ['postgres', 'postgresql', 'pg', 'pgsql', 'psql', 'pgx']
const ANY = ['all', 'any', 'common', 'generic']
const OTHERS = [
  ['mysql', 'mysql5', 'mysql8', 'mariadb', 'tidb', 'vitess'],
  ['sqlite', 'sqlite3', 'libsql', 'turso', 'rqlite'],
  ['cockroach', 'cockroachdb', 'crdb'],
  ['mssql', 'sqlserver', 'azuresql'],
  ['oracle', 'db2', 'firebird', 'h2', 'hsqldb', 'derby', 'duckdb', 'informix', 'sybase', 'saphana'],
  ['clickhouse', 'redshift', 'snowflake', 'bigquery', 'vertica', 'spanner', 'ydb', 'yugabyte', 'yugabytedb'],
  ['cassandra', 'scylla', 'mongodb', 'neo4j'],
].flat()

/** `postgres`, `any`, or the other server's own word; undefined when the word names no server. */
export function dialectOf(word: string): string | undefined {
  const lower = word.toLowerCase()
  if (POSTGRES.includes(lower)) return 'postgres'
  if (ANY.includes(lower)) return 'any'
  return OTHERS.includes(lower) ? lower : undefined
}

/** Whether a word names a server that is not PostgreSQL. */
export const isOtherDialect = (word: string): boolean => OTHERS.includes(word.toLowerCase())

/**
 * The other server in a name, where one of `siblings` is the same name for PostgreSQL: `mysql` beside `postgres`,
 * `migrations-sqlite` beside `migrations-pg`. A name alone proves less: a service may be called `oracle`.
 */
export function otherServerBeside(name: string, siblings: readonly string[]): string | undefined {
  const words = name.split(BETWEEN_WORDS)
  const at = words.findIndex(isOtherDialect)
  const isTwin = (sibling: string): boolean => {
    const others = sibling.split(BETWEEN_WORDS)
    return (
      others.length === words.length &&
      others.every((word, i) => (i === at ? dialectOf(word) === 'postgres' : word === words[i]))
    )
  }
  return at !== -1 && siblings.some(isTwin) ? words[at] : undefined
}

const BETWEEN_WORDS = /[-_.]/
