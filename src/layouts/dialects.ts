// Words in file and folder names that say for which database server something is written.

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
