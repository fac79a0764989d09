// The rule `own-transaction`.
import { describe, expect, test } from '@jest/globals'
import { brief, findings, of, pair } from '../input.js'

describe('own-transaction', () => {
  test('BEGIN and COMMIT around a wrapped script', () => {
    const file = '-- +goose Up\nBEGIN;\nCREATE TABLE a ();\nCOMMIT;\n-- +goose Down\nDROP TABLE a;\n'
    const [found] = findings({ '00001_a.sql': file })
    expect(brief(found === undefined ? [] : [found])).toEqual([
      'warning own-transaction 00001_a.sql:2:1 up: BEGIN in a script that goose already runs in a transaction',
    ])
    expect(found?.fix).toBe('Delete BEGIN; in line 2 and COMMIT; in line 4.')
  })

  test('is fine where the tool opens no transaction', () => {
    expect(
      of('own-transaction', { ...pair('00001_a'), '00001_a.up.sql': 'BEGIN; CREATE TABLE a (); COMMIT;' }),
    ).toEqual([])
  })

  test('a BEGIN without an end', () => {
    expect(of('own-transaction', { ...pair('00001_a'), '00001_a.up.sql': 'BEGIN;\nCREATE TABLE a ();' })).toEqual([
      'warning own-transaction 00001_a.up.sql:1:1 up: BEGIN without a COMMIT',
    ])
  })

  const goose = (up: string): string => `-- +goose Up\n${up}\n-- +goose Down\nDROP TABLE a;\n`

  test.each([
    [
      'a body that the tool cuts',
      'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$;',
    ],
    ['a block that the tool cuts', 'DO $$\nBEGIN\n  IF true THEN\n    NULL;\n  END IF;\nEND $$;'],
    ['a procedure that the tool cuts', 'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$\nBEGIN\n  COMMIT;\nEND;\n$$;'],
    [
      'a body whose quotes are gone',
      'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $\nBEGIN\n  RETURN 1;\nEND;\n$;',
    ],
    ['the end of a loop', 'DO $\nBEGIN\n  LOOP\n    EXIT;\n  END LOOP;\nEND $;'],
  ])('the END of %s is no command', (_, up) => {
    expect(of('own-transaction', { '00001_a.sql': goose(up) })).toEqual([])
  })

  test.each([
    ['BEGIN;\nCREATE TABLE a ();\nEND;', 'BEGIN'],
    ['CREATE TABLE a ();\nCOMMIT;', 'COMMIT'],
    ['CREATE TABLE a ();\nROLLBACK AND CHAIN;', 'ROLLBACK'],
    ['START TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE a ();\nEND TRANSACTION;', 'START'],
  ])('a real command is one: %s', (up, word) => {
    expect(of('own-transaction', { '00001_a.sql': goose(up) })).toEqual([
      expect.stringContaining(`up: ${word} in a script that goose already runs in a transaction`),
    ])
  })
})
