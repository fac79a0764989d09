// The rule `psql-command`.
import { describe, expect, test } from '@jest/globals'
import { of, pair } from '../input.js'

describe('psql-command', () => {
  test.each([
    ['\\connect other\nSELECT 2;', '1:1 \\connect is a psql command'],
    ['SELECT 2;\n\\restrict abc\n', '2:1 \\restrict is a psql command'],
    ['COPY t FROM stdin;\n1\n\\.\n', '1:1 COPY FROM stdin needs a client that sends the data after it'],
    ['SELECT * FROM t WHERE a = :id;', '1:27 :id is a psql variable'],
    ["ALTER ROLE a PASSWORD :'pw';", "1:23 :'pw' is a psql variable"],
  ])('%j', (up, text) => {
    expect(of('psql-command', { ...pair('00001_a'), '00001_a.up.sql': up })).toEqual([
      `warning psql-command 00001_a.up.sql:${text}`,
    ])
  })

  test.each([
    ["SELECT 'a\\b', E'\\n', '10:30'::time, a[1:2], a[x:y], '{\"a\":b}'::json -> 'a'"],
    ['CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE a int := 1; BEGIN a:=2; RETURN a; END $$'],
    ['COPY t TO stdout'],
    ["COPY t FROM '/tmp/x'"],
    ['-- \\connect\n/* :id */ SELECT 2'],
  ])('%s is fine', (up) => {
    expect(of('psql-command', { ...pair('00001_a'), '00001_a.up.sql': up })).toEqual([])
  })
})
