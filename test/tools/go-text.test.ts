import { describe, expect, test } from '@jest/globals'
import { endsWithSemicolon, scanLines, tooLong, trimSpace, wordsOf } from '../../src/tools/go-text.js'
import { linesOfFile, messageOf, plainScript, scriptOf, wholeFile } from '../../src/tools/script.js'

test.each([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\r\nb\n', ['a', 'b']],
  ['a\r\r\n', ['a\r']],
  ['a\rb', ['a\rb']],
  ['\n\n', ['', '']],
  ['a\u2028b\n', ['a\u2028b']],
])('lines of %j', (text, expected) => {
  expect(scanLines(text).map((line) => line.text)).toEqual(expected)
})

test("white space is Go's: with U+0085, without U+FEFF", () => {
  expect(trimSpace('\u0085\u00a0\v a b \u3000\u2028')).toBe('a b')
  expect(trimSpace('\uFEFFa')).toBe('\uFEFFa')
  expect(trimSpace(' \t ')).toBe('')
  expect(wordsOf(' a\u0085b  c')).toEqual(['a', 'b', 'c'])
})

describe('endsWithSemicolon', () => {
  test.each([
    ['SELECT 1;', true],
    ['SELECT 1; ', true],
    ['SELECT 1; -- c;', true],
    ['SELECT 1 -- c;', false],
    ['SELECT 1;--c', false],
    ['SELECT 1', false],
    [';', true],
    ['-- ;', false],
    ['END; $$', false],
  ])('%j: %s', (line, expected) => {
    expect(endsWithSemicolon(line)).toBe(expected)
  })
})

test('a line as long as the buffer is too long, counted in bytes', () => {
  const lines = scanLines(`short\n${'é'.repeat(50)}\n`)
  expect(tooLong(lines, 101)).toBeUndefined()
  expect(tooLong(lines, 100)?.number).toBe(2)
})

describe('messages know their lines', () => {
  test('a piece from the middle of a text', () => {
    const text = 'a\n 😀b\nc\n'
    expect(messageOf({ text, lines: linesOfFile(text), start: 5, end: 8 })).toEqual({
      text: 'b\nc',
      lines: [2, 3],
      column: 3,
    })
  })
  test('a whole file', () => {
    expect(wholeFile('a;\nb;\n')).toEqual([{ text: 'a;\nb;\n', lines: [1, 2, 3], column: 1 }])
  })
  test('a blank file is not sent', () => {
    expect(wholeFile(' \r\n\t')).toEqual([])
    expect(wholeFile('-- note')).toHaveLength(1)
  })
})

test('the checksum is the SHA-256 of the messages joined with NUL', () => {
  const message = (text: string): { text: string; lines: number[]; column: number } => ({ text, lines: [1], column: 1 })
  const of = (...texts: readonly string[]): string =>
    scriptOf({ file: 'f', transaction: 'wrapped', messages: texts.map(message) }).checksum
  expect(of()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(of('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(of('a', 'b')).toBe(of('a\0b'))
  expect(of('a', 'b')).not.toBe(of('ab'))
})

test('a plain script is the whole file', () => {
  const script = plainScript({ file: 'setup.sql', text: 'SELECT 1;\n', transaction: 'message' })
  expect(script).toMatchObject({ file: 'setup.sql', transaction: 'message', messages: [{ text: 'SELECT 1;\n' }] })
})
