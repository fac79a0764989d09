// The rule `session-setting`.
import { describe, expect, test } from '@jest/globals'
import { findings, of, pair } from '../input.js'

describe('session-setting', () => {
  const said = (up: string): readonly string[] => of('session-setting', { ...pair('00001_a'), '00001_a.up.sql': up })

  test.each([
    ['SET search_path = a;', 'search_path stays'],
    ['set SESSION statement_timeout TO 0;', 'statement_timeout stays'],
    ["SELECT pg_catalog.set_config('search_path', '', false);", 'search_path stays'],
    ['SET ROLE a;', 'role stays'],
    ['SET SESSION AUTHORIZATION a;', 'session authorization stays'],
    ["SET TIME ZONE 'UTC';", 'timezone stays'],
    ["SET NAMES 'UTF8';", 'client_encoding stays'],
    ['SET a = 1; RESET a; SET b = 2;', 'b stays'],
    ['SET a = 1; SET b = 2; SET c = 3; SET d = 4; SET e = 5;', 'a, b, c, d and 1 more stay'],
  ])('%s', (up, words) => {
    expect(said(up)).toEqual([expect.stringContaining(`${words} set after this script`)])
  })

  test.each([
    ['SET LOCAL search_path = a;'],
    ["SELECT set_config('search_path', '', true);"],
    ['SET a = 1; SELECT 1; RESET a;'],
    ['SET a = 1; RESET ALL;'],
    ['SET a = 1; SET a TO DEFAULT;'],
    ['SET ROLE a; SET ROLE NONE;'],
    ['SET CONSTRAINTS ALL DEFERRED;'],
    ['SET TRANSACTION READ ONLY;'],
    ['UPDATE t SET a = 1;'],
    ['ALTER ROLE a SET search_path = b;'],
  ])('%s is fine', (up) => {
    expect(said(up)).toEqual([])
  })

  test('says what to write instead', () => {
    const up =
      "set session role a;\nSELECT pg_catalog.set_config('search_path', '', false);\nSET SESSION AUTHORIZATION b;"
    const [found] = findings({ ...pair('00001_a'), '00001_a.up.sql': up })
    expect(found?.fix.split('\n')).toEqual([
      'SET LOCAL role a;',
      "SELECT pg_catalog.set_config('search_path', '', true);",
      'SET LOCAL SESSION AUTHORIZATION b;',
    ])
  })
})
