// Texts of SQL that differ in blanks and comments only.
import { describe, expect, test } from '@jest/globals'
import { sameCode } from '../../src/sql/same-code.js'

describe('texts of SQL', () => {
  test.each([
    ['a+1', 'a + 1'],
    ['f(a,b)', 'f ( a , b )'],
    ['x:=1', 'x := 1'],
    ['a::int', 'a :: int'],
    ['SELECT 1', '-- one\nSELECT/* the number */1\n'],
    ["E'a' || $x$ b  c $x$", "E'a'||$x$ b  c $x$ -- end"],
    ['a[1]', 'a [ 1 ]'],
    ['SELECT 1;\n', '\r\n\r\nSELECT\r\n1;\r\n'],
    ['SELECT f(1, 2);', 'SELECT f( 1 -- first\n, 2 );'],
    ["'a'\n'b'", "'a' -- goes on\n\n  'b'"],
    ['-- nothing', ''],
    ['SELECT 1/* one /* nested */ */;', 'SELECT 1;'],
    ['COPY t FROM stdin;\n1\t2\n\\.\n', '-- rows\nCOPY t FROM stdin;\n1\t2\n\\.\n'],
  ])('%j and %j are the same', (a, b) => {
    expect(sameCode(a, b)).toBe(true)
  })

  test.each([
    ["'a b'", "'a  b'"],
    ['$x$ a $x$', '$x$ a  $x$'],
    ['"a b"', '"a  b"'],
    ['select 1', 'SELECT 1'],
    ['a < -1', 'a <-1'],
    ["E'a'", "E 'a'"],
    ['a b', 'ab'],
    ['a - - 1', 'a - /* - */ 1'],
    ["'a'", "'a' -- b\n 'b'"],
    ["'-- a'", "'-- b'"],
    ['1.5', '1 .5'],
    ["'a\n\nb'", "'a\nb'"],
    ["'a'\n'b'", "'a' 'b'"],
    ['$$ a -- b\n$$', '$$ a -- c\n$$'],
    ['$$ a\n$$', '$$ a\r\n$$'],
    ['COPY t FROM stdin;\n1\t2\n\\.\n', 'COPY t FROM stdin;\n1  2\n\\.\n'],
  ])('%j and %j are different', (a, b) => {
    expect(sameCode(a, b)).toBe(false)
  })
})
