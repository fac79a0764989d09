// Scripts that their tool sends without a transaction: the parts whose change is read alone.
import { expect, test } from '@jest/globals'
import { segmentsOf } from '../../../../src/adapters/postgres/scratch/segments.js'
import { scriptOf } from '../../../../src/tools/script.js'

const sent = (...texts: string[]) =>
  scriptOf({
    file: 'a.sql',
    transaction: 'none',
    messages: texts.map((text) => ({ text, lines: text.split('\n').map((_, i) => i + 1), column: 1 })),
  })
const kinds = (...texts: string[]): readonly string[] | undefined =>
  segmentsOf(sent(...texts))?.map((segment) =>
    segment.kind === 'index'
      ? `${segment.first} ${segment.names.of} ${segment.names.name}`
      : `${segment.first} ${segment.own ? 'own ' : ''}${segment.script.messages.map(({ text }) => text).join(' + ')}`,
  )

test('each message is a part, and from BEGIN to COMMIT is one', () => {
  expect(kinds('CREATE TABLE a ()', 'BEGIN;', 'DROP TABLE a', 'CREATE TABLE b ()', 'COMMIT;', 'DROP TABLE b')).toEqual([
    '0 CREATE TABLE a ()',
    '1 own DROP TABLE a + CREATE TABLE b ()',
    '5 DROP TABLE b',
  ])
})

test.each([
  ['CREATE INDEX CONCURRENTLY i ON t (a)', '0 table t'],
  ['create unique index concurrently if not exists "I" on only s."T x" using gin (a)', '0 table s."T x"'],
  ['CREATE INDEX CONCURRENTLY ON public.t (a)', '0 table public.t'],
  ['DROP INDEX CONCURRENTLY IF EXISTS s.i;', '0 index s.i'],
  ['-- one\nDROP INDEX CONCURRENTLY i CASCADE', '0 index i'],
])('%s', (text, words) => {
  expect(kinds(text)).toEqual([words])
})

test.each([
  ['VACUUM t'],
  ['DROP INDEX CONCURRENTLY a, b'],
  ['REINDEX TABLE CONCURRENTLY t'],
  ['CREATE INDEX CONCURRENTLY i ON t (a); SELECT 1'],
  ['BEGIN', 'SELECT 1'],
  ['COMMIT'],
  ['BEGIN', 'ROLLBACK'],
  ['BEGIN; SELECT 1; COMMIT'],
  ['BEGIN', 'CREATE INDEX CONCURRENTLY i ON t (a)', 'COMMIT'],
  ['SET LOCAL lock_timeout = 1'],
  ['LOCK TABLE t'],
  ['CALL p()'],
])('%s: only the whole catalogue shows the change', (...texts) => {
  expect(kinds(...texts)).toBeUndefined()
})
