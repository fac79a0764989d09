// Well-known names that a server lacks until an extension, or another product, provides them.

/** Names that an extension owns (the SQL scripts of contrib in PostgreSQL 15; the manuals of PostGIS and pgvector). */
const OWNERS: readonly { readonly extension: string; readonly names: readonly string[] }[] = [
  { extension: 'pg_trgm', names: ['gin_trgm_ops', 'gist_trgm_ops', 'show_trgm', 'word_similarity'] },
  { extension: 'hstore', names: ['hstore'] },
  { extension: 'citext', names: ['citext'] },
  { extension: 'ltree', names: ['ltree', 'lquery', 'ltxtquery', 'gist_ltree_ops'] },
  {
    extension: 'uuid-ossp',
    names: ['uuid_generate_v1', 'uuid_generate_v1mc', 'uuid_generate_v3', 'uuid_generate_v4', 'uuid_generate_v5'],
  },
  { extension: 'pgcrypto', names: ['gen_random_bytes', 'gen_salt', 'pgp_sym_encrypt', 'pgp_sym_decrypt'] },
  { extension: 'unaccent', names: ['unaccent'] },
  { extension: 'postgis', names: ['geometry', 'geography', 'st_makepoint', 'st_setsrid', 'st_geomfromtext'] },
  { extension: 'vector', names: ['vector', 'vector_l2_ops', 'vector_ip_ops', 'vector_cosine_ops'] },
]

/** The kinds of object whose absence the server reports by name, in English. */
const ABSENT = [
  /^operator class "(?:\w+\.)?(\w+)" does not exist/,
  /^type "(?:\w+\.)?(\w+)(?:\[\])*" does not exist/,
  /^function (?:\w+\.)?(\w+)\(.*\) does not exist/,
]

/** The fix for a message of the server that reports a well-known name as missing; undefined for any other message. */
export function extensionFix(message: string): string | undefined {
  if (message === 'schema "auth" does not exist')
    return 'Supabase provides a schema of this name. If you mean that one, create a substitute for it in a setup file.'
  const name = ABSENT.map((form) => form.exec(message)?.[1])
    .find((one) => one !== undefined)
    ?.toLowerCase()
  if (name === undefined) return undefined
  if (name === 'blob') return 'BLOB is a type of other databases: PostgreSQL has bytea.'
  const owner = OWNERS.find(({ names }) => names.includes(name))?.extension
  if (owner === undefined) return undefined
  const written = /^\w+$/.test(owner) ? owner : `"${owner}"`
  return `The extension ${owner} provides it: CREATE EXTENSION IF NOT EXISTS ${written} before this step. If it exists already, its schema must be in the search_path.`
}
