// The rule `function-layout`: its samples are run by test/rules/samples.test.ts, further cases are here.
import { describe, expect, test } from '@jest/globals'
import { functionLayout } from '../../../src/rules/proof/function-layout.js'
import { downRestoresSchema } from '../../../src/rules/proof/down-restores-schema.js'
import { sampleFindings } from '../sample.js'

describe('function-layout', () => {
  const made = (body: string, more = 'LANGUAGE plpgsql'): string =>
    `CREATE FUNCTION f(n int) RETURNS text ${more} AS $$ ${body} $$;`
  const sample = (before: string, after: string): string =>
    `-- 00001_f.up.sql\n${before}\n-- 00001_f.down.sql\nDROP FUNCTION f(int);
-- 00002_g.up.sql\nDROP FUNCTION f(int);\n-- 00002_g.down.sql\n${after}`
  const both = async (before: string, after: string): Promise<readonly string[]> => [
    ...(await sampleFindings(functionLayout, sample(before, after))),
    ...(await sampleFindings(downRestoresSchema, sample(before, after))),
  ]
  const BODY = `BEGIN RETURN n + 1 || 'a  b'; END`

  test.each([
    ['blanks', `BEGIN\n  RETURN n+1||'a  b';\nEND`],
    ['comments', `-- adds one\nBEGIN RETURN n /* one */ + 1 || 'a  b'; END`],
  ])('%s alone are a note', async (_, body) => {
    expect(await both(made(BODY), made(body))).toEqual([
      'note function-layout 00002_g.down.sql:1:1 other blanks or comments after the down: function public.f(n integer)',
    ])
  })

  test.each([
    ['inside quotes', made(`BEGIN RETURN n + 1 || 'a b'; END`)],
    ['in a word', made(`BEGIN RETURN N + 1 || 'a  b'; END`)],
    ['in an attribute', made(BODY, 'LANGUAGE plpgsql IMMUTABLE')],
  ])('a difference %s is a difference', async (_, after) => {
    expect(await both(made(BODY), after)).toEqual([
      expect.stringContaining('error down-restores-schema 00002_g.down.sql:1:1 down does not restore the schema'),
    ])
  })
})
