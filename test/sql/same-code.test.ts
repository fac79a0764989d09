// What counts as the same code: pairs of texts that the server takes alike, and pairs close to them that it does not.
import { expect, test } from '@jest/globals'
import { sameCode } from '../../src/sql/same-code.js'

test.each([
  ['SELECT 1;', 'SELECT  1 ;'],
  ['SELECT 1;', '-- one\nSELECT 1; -- one'],
  ['SELECT 1;', 'SELECT/* one /* nested */ */1;'],
  ['SELECT 1;\n', '\r\n\r\nSELECT\r\n1;\r\n'],
  ['SELECT f(1, 2);', 'SELECT f( 1 -- first\n, 2 );'],
  ["SELECT 'a'\n'b';", "SELECT 'a' -- goes on\n\n  'b';"],
  ['-- nothing', ''],
  ['DO $$ BEGIN END $$;', '/* x */ DO $$ BEGIN END $$ -- x\n;'],
  ['COPY t FROM stdin;\n1\t2\n\\.\n', '-- rows\nCOPY t FROM stdin;\n1\t2\n\\.\n'],
])('%j says the same as %j', (a, b) => {
  expect([sameCode(a, b), sameCode(b, a)]).toEqual([true, true])
})

test.each([
  ['SELECT 1;', 'SELECT 2;'],
  ['SELECT 1;', 'SELECT 1'],
  ["SELECT 'a -- b';", "SELECT 'a -- c';"],
  ["SELECT 'a\n\nb';", "SELECT 'a\nb';"],
  ["SELECT 'a  ';", "SELECT 'a';"],
  ["SELECT 'a'\n'b';", "SELECT 'a' 'b';"],
  ['SELECT $$ a -- b\n$$;', 'SELECT $$ a -- c\n$$;'],
  ['SELECT $$ a\n$$;', 'SELECT $$ a\r\n$$;'],
  ['SELECT "a b";', 'SELECT "a  b";'],
  ['SELECT 1 - -1;', 'SELECT 1 --1;'],
  ['SELECT a b;', 'SELECT ab;'],
  ['COPY t FROM stdin;\n1\t2\n\\.\n', 'COPY t FROM stdin;\n1  2\n\\.\n'],
  ['SELECT 1;', '\uFEFFSELECT 1;'],
])('%j does not say the same as %j', (a, b) => {
  expect([sameCode(a, b), sameCode(b, a)]).toEqual([false, false])
})
