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
  ])('%j and %j are different', (a, b) => {
    expect(sameCode(a, b)).toBe(false)
  })
})
