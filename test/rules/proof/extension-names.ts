// What the fix of up-fails says about a name that an extension brings.
import { describe, expect, test } from '@jest/globals'
import { runRules } from '../../../src/rules/run.js'
import { filesOf, inputOf } from '../input.js'

describe('extension-names', () => {
  const fixOf = (message: string, sqlstate: string): string | undefined => {
    const files = filesOf({ '00001_a.up.sql': 'SELECT 1;\n', '00001_a.down.sql': 'SELECT 1;\n' })
    const failure = {
      direction: 'up' as const,
      sqlstate,
      message,
      detail: undefined,
      hint: undefined,
      place: undefined,
      line: undefined,
      environment: undefined,
    }
    const input = inputOf(files, { proofs: { '00001_a': { up: 'failed', down: 'not run', failure } } })
    return runRules({ input, levels: {} }).find(({ rule }) => rule === 'up-fails')?.fix
  }

  test.each([
    ['operator class "gin_trgm_ops" does not exist for access method "gin"', '42704', 'EXISTS pg_trgm before'],
    ['operator class "gin_trgm_ops" does not exist for access method "gin"', '42704', 'create it in a setup file'],
    [
      'operator class "public.vector_cosine_ops" does not exist for access method "hnsw"',
      '42704',
      'EXISTS vector before',
    ],
    ['access method "hnsw" does not exist', '42704', 'EXISTS vector before'],
    ['operator class "acme_ops" does not exist for access method "gin"', '42704', 'create it in a setup file'],
    ['type "hstore" does not exist', '42704', 'EXISTS hstore before'],
    ['type "public.citext[]" does not exist', '42704', 'EXISTS citext before'],
    ['function public.uuid_generate_v4() does not exist', '42883', 'EXISTS "uuid-ossp" before'],
    ['function gen_random_bytes(integer) does not exist', '42883', 'EXISTS pgcrypto before'],
    ['type "blob" does not exist', '42704', 'bytea'],
    ['schema "auth" does not exist', '3F000', 'Supabase'],
    ['type "colour" does not exist', '42704', 'correct the name'],
  ])('%s: the fix names what brings it', (message, state, fix) => {
    expect(fixOf(message, state)).toContain(fix)
  })
})
