// Names that well-known extensions own, and names of which we know that an extension does not own them.

/**
 * `names`: what users mostly meet, of any kind. `prefixes`: names that begin so belong to it as well. `relations`: its
 * tables and views that do not begin with its name.
 */
type KnownExtension = {
  readonly extension: string
  readonly names: readonly string[]
  readonly prefixes?: readonly string[]
  readonly relations?: readonly string[]
}

/** From the SQL scripts of contrib in PostgreSQL 15, and the manuals and scripts of PostGIS, pgvector and pg_partman. */
const KNOWN: readonly KnownExtension[] = [
  {
    extension: 'pg_trgm',
    names: ['gin_trgm_ops', 'gist_trgm_ops', 'show_trgm', 'similarity', 'word_similarity', 'strict_word_similarity'],
  },
  { extension: 'hstore', names: ['hstore', 'gin_hstore_ops', 'gist_hstore_ops'] },
  { extension: 'citext', names: ['citext', 'citext_ops'] },
  { extension: 'ltree', names: ['ltree', 'lquery', 'ltxtquery', 'gist_ltree_ops'] },
  { extension: 'cube', names: ['cube', 'gist_cube_ops'] },
  { extension: 'intarray', names: ['gin__int_ops', 'gist__int_ops', 'gist__intbig_ops'] },
  {
    extension: 'uuid-ossp',
    names: ['uuid_generate_v1', 'uuid_generate_v1mc', 'uuid_generate_v3', 'uuid_generate_v4', 'uuid_generate_v5'],
  },
  { extension: 'pgcrypto', names: ['gen_random_bytes', 'gen_salt'], prefixes: ['pgp_'] },
  { extension: 'unaccent', names: ['unaccent'] },
  {
    extension: 'postgis',
    names: ['geometry', 'geography', 'box2d', 'box3d', 'raster'],
    prefixes: ['st_', 'postgis_', 'geometry_', 'geography_', 'gist_geometry_', 'gist_geography_'],
    relations: ['spatial_ref_sys', 'geometry_columns', 'geography_columns', 'raster_columns', 'raster_overviews'],
  },
  {
    extension: 'vector',
    names: ['vector', 'halfvec', 'sparsevec', 'hnsw', 'ivfflat', 'cosine_distance', 'l2_distance', 'inner_product'],
    prefixes: ['vector_', 'halfvec_', 'sparsevec_', 'bit_hamming_', 'bit_jaccard_'],
  },
  { extension: 'pg_partman', names: [], relations: ['part_config', 'part_config_sub'] },
]

const bare = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase()

/** The extension that owns a well-known name; undefined where the name is not known. */
export const ownerOf = (name: string): string | undefined =>
  KNOWN.find(
    ({ names, prefixes = [] }) =>
      names.includes(bare(name)) || prefixes.some((prefix) => bare(name).startsWith(prefix)),
  )?.extension

/**
 * Whether the name is one of the extension's: `unknown` where neither the name nor the table shows it. Few extensions make
 * tables or views outside of a schema of their own, and those mostly have its name.
 */
export function owns(extension: string, kind: string, name: string): 'yes' | 'no' | 'unknown' {
  if (name === extension || name.startsWith(`${extension}.`)) return 'yes'
  if (kind === 'relation') {
    const known = KNOWN.find((one) => one.extension === extension)?.relations ?? []
    return known.includes(bare(name)) || bare(name).startsWith(extension) ? 'yes' : 'no'
  }
  if (bare(name) === extension) return 'yes'
  const owner = ownerOf(name)
  return owner === undefined ? 'unknown' : owner === extension ? 'yes' : 'no'
}
