import { describe, expect, test } from '@jest/globals'
import { codeOnly, splitStatements, withoutComments } from '../../src/sql/statements.js'

/** Name, source, the texts of its statements. Every statement is found again at its offsets. */
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['nothing', '', []],
  ['white space', ' \n\t\r\n', []],
  ['lone semicolons', ';; ;', []],
  ['comments only', '-- a;\n/* b; */', []],
  ['one without semicolon', 'SELECT 1', ['SELECT 1']],
  ['one with semicolon', 'SELECT 1;', ['SELECT 1']],
  ['two on one line', 'SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['leading comment is not part of it', '-- why\nSELECT 1;', ['SELECT 1']],
  ['inner comment is part of it', 'SELECT /* ; */ 1 -- ;\n, 2;', ['SELECT /* ; */ 1 -- ;\n, 2']],
  ['trailing comment before the semicolon', 'SELECT 1 -- one\n;', ['SELECT 1']],
  ['trailing comment after the semicolon', 'SELECT 1; -- done', ['SELECT 1']],
  ['semicolon in a string', "SELECT 'a;b';", ["SELECT 'a;b'"]],
  ['doubled quote', "SELECT 'it''s;';SELECT 2", ["SELECT 'it''s;'", 'SELECT 2']],
  ['backslash ends a plain string', "SELECT '\\'; SELECT 2;", ["SELECT '\\'", 'SELECT 2']],
  ['backslash escapes in E', "SELECT E'\\';'; SELECT 2;", ["SELECT E'\\';'", 'SELECT 2']],
  ['lower-case e', "SELECT e'a\\';b'; SELECT 2", ["SELECT e'a\\';b'", 'SELECT 2']],
  ['a word that ends in e is no prefix', "SELECT type'\\'; SELECT 2;", ["SELECT type'\\'", 'SELECT 2']],
  ['E apart from the quote is no prefix', "SELECT E '\\'; SELECT 2;", ["SELECT E '\\'", 'SELECT 2']],
  ['E string over two lines', "SELECT E'a'\n  '\\';b'; SELECT 2", ["SELECT E'a'\n  '\\';b'", 'SELECT 2']],
  ['plain string over two lines', "SELECT 'a'\n'b;'; SELECT 2", ["SELECT 'a'\n'b;'", 'SELECT 2']],
  ['U& string', "SELECT U&'\\0041;'; SELECT 2", ["SELECT U&'\\0041;'", 'SELECT 2']],
  ['U& identifier', 'SELECT U&"a;b"; SELECT 2', ['SELECT U&"a;b"', 'SELECT 2']],
  ['bit string', "SELECT B'01', X'0F;'; SELECT 2", ["SELECT B'01', X'0F;'", 'SELECT 2']],
  ['quoted identifier', 'SELECT "a;""b;"; SELECT 2', ['SELECT "a;""b;"', 'SELECT 2']],
  ['quote in an identifier', `SELECT "it's"; SELECT 2`, [`SELECT "it's"`, 'SELECT 2']],
  ['dollar quotes', 'DO $$ a; b; $$; SELECT 2', ['DO $$ a; b; $$', 'SELECT 2']],
  ['tagged', 'DO $b$ $$; ; $$ $b$; SELECT 2', ['DO $b$ $$; ; $$ $b$', 'SELECT 2']],
  ['tags are case-sensitive', 'DO $B$ ; $b$ ; $B$; SELECT 2', ['DO $B$ ; $b$ ; $B$', 'SELECT 2']],
  ['tag beyond ASCII', 'DO $é$ ; $é$; SELECT 2', ['DO $é$ ; $é$', 'SELECT 2']],
  ['parameters are no tags', 'SELECT $1; SELECT $2', ['SELECT $1', 'SELECT $2']],
  ['dollars in identifiers', 'SELECT a$b; SELECT c$d$e;', ['SELECT a$b', 'SELECT c$d$e']],
  ['dollar after an identifier', 'SELECT a$$; SELECT 2', ['SELECT a$$', 'SELECT 2']],
  ['quotes in a dollar body', "DO $$ it's; $$; SELECT 2", ["DO $$ it's; $$", 'SELECT 2']],
  ['comment in a dollar body', 'DO $$ /* $$; SELECT 2', ['DO $$ /* $$', 'SELECT 2']],
  ['nested comments', '/* a /* b; */ c; */ SELECT 1;', ['SELECT 1']],
  ['comment with a quote', "-- it's\nSELECT 1; SELECT 2", ['SELECT 1', 'SELECT 2']],
  ['comment ended by a lone CR', '-- a\rSELECT 1;', ['SELECT 1']],
  ['comment start inside an operator', 'SELECT 1--2\n; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['slash and star apart', 'SELECT 4 / 2 * 1; SELECT 2', ['SELECT 4 / 2 * 1', 'SELECT 2']],
  [
    'rule with several commands',
    'CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b;); SELECT 2',
    ['CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b;)', 'SELECT 2'],
  ],
  ['closing parenthesis too many', 'SELECT 1); SELECT 2', ['SELECT 1)', 'SELECT 2']],
  [
    'BEGIN ATOMIC',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3',
    ['CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END', 'SELECT 3'],
  ],
  [
    'BEGIN ATOMIC with CASE',
    'create or replace procedure p() begin atomic select case when true then 1 end; select 2; end; SELECT 3',
    ['create or replace procedure p() begin atomic select case when true then 1 end; select 2; end', 'SELECT 3'],
  ],
  ['BEGIN is no body elsewhere', 'BEGIN; SELECT 1; END; SELECT 2', ['BEGIN', 'SELECT 1', 'END', 'SELECT 2']],
  [
    'column called atomic',
    'CREATE TABLE t ("begin" int, atomic int); SELECT 2',
    ['CREATE TABLE t ("begin" int, atomic int)', 'SELECT 2'],
  ],
  ['CASE outside of a body', 'SELECT CASE WHEN a THEN 1 END; SELECT 2', ['SELECT CASE WHEN a THEN 1 END', 'SELECT 2']],
  ['CRLF', 'SELECT 1;\r\n-- x\r\nSELECT\r\n2;\r\n', ['SELECT 1', 'SELECT\r\n2']],
  ['byte order mark', '\uFEFFSELECT 1;', ['SELECT 1']],
  ['starts with a parenthesis', '(SELECT 1); SELECT 2', ['(SELECT 1)', 'SELECT 2']],
  ['open string', "SELECT 1; SELECT 'a; b", ['SELECT 1', "SELECT 'a; b"]],
  ['open dollar quote', 'SELECT 1; DO $x$ a; b', ['SELECT 1', 'DO $x$ a; b']],
  ['open comment', 'SELECT 1; /* a; b', ['SELECT 1']],
  ['open identifier', 'SELECT 1; SELECT "a; b', ['SELECT 1', 'SELECT "a; b']],
  ['letters beyond ASCII', 'SELECT 1 AS größe; SELECT 2 AS 名前', ['SELECT 1 AS größe', 'SELECT 2 AS 名前']],
  ['beyond the basic plane', "SELECT '😀;' AS 😀; SELECT 2", ["SELECT '😀;' AS 😀", 'SELECT 2']],
  ['psql command', "\\connect it's; x\nSELECT 1;", ['SELECT 1']],
  ['COPY data', "COPY t FROM stdin;\n1\tit's; so\n\\.\nSELECT 1;", ['COPY t FROM stdin', 'SELECT 1']],
  ['COPY from a file', "COPY t FROM '/a;b'; SELECT 1;", ["COPY t FROM '/a;b'", 'SELECT 1']],
]

describe('splitStatements', () => {
  test.each(cases)('%s', (_name, source, texts) => {
    const statements = splitStatements(source)
    expect(statements.map((s) => s.text)).toEqual(texts)
    for (const statement of statements) {
      expect(source.startsWith(statement.text, statement.start)).toBe(true)
      const rest = source.slice(statement.start + statement.text.length, statement.end)
      expect(codeOnly(rest).trim()).toBe(rest.includes(';') ? ';' : '')
    }
  })

  test('tells offsets after a byte order mark and Windows line ends', () => {
    expect(splitStatements('\uFEFF\r\nSELECT 1 ;\r\n  SELECT 2')).toEqual([
      { text: 'SELECT 1', start: 3, end: 13, words: ['SELECT', '1'] },
      { text: 'SELECT 2', start: 17, end: 25, words: ['SELECT', '2'] },
    ])
  })

  test('gives eight words in upper case, quoted identifiers unchanged, no comments', () => {
    expect(splitStatements('create /* x */ table if not exists "My t"."begin" (a int)')[0]?.words).toEqual([
      'CREATE',
      'TABLE',
      'IF',
      'NOT',
      'EXISTS',
      '"My t"',
      '"begin"',
      'A',
    ])
  })

  test('costs time in proportion to the length', () => {
    const piece =
      "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$; INSERT INTO t VALUES ('x');\n"
    /** Of the processor, so that other programs do not count; the least of three. */
    const microseconds = (times: number): number => {
      const text = piece.repeat(times)
      const spent = [1, 2, 3].map(() => {
        const start = process.cpuUsage()
        expect(splitStatements(text)).toHaveLength(2 * times)
        const { user, system } = process.cpuUsage(start)
        return user + system
      })
      return Math.min(...spent)
    }
    microseconds(1000)
    // Four times the length: four times the time, or sixteen times if it grew with the square.
    expect(microseconds(16_000) / microseconds(4_000)).toBeLessThan(10)
  })
})

describe('codeOnly', () => {
  test.each([
    ["SELECT 'a;b' -- x\n", "SELECT '   '     \n"],
    ['DO $t$ a\r\nb $t$;', 'DO $t$  \r\n  $t$;'],
    ['a /* b\nc */ "d--e"', 'a     \n     "d--e"'],
    ["E'\\'x' 'open", "E'   ' '    "],
    ['\\set a 1\nx', '        \nx'],
    ['', ''],
  ])('%j', (source, code) => {
    expect(codeOnly(source)).toBe(code)
  })

  test('keeps the length of any text', () => {
    for (const [, source] of cases) expect(codeOnly(source)).toHaveLength(source.length)
  })

  test('withoutComments keeps strings', () => {
    expect(withoutComments("a -- b\n'c --' $$ -- d $$")).toBe("a     \n'c --' $$ -- d $$")
  })
})
