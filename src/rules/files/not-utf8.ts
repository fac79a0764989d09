// Bytes that are not UTF-8, and NUL.
import type { SourceFile } from '../../model/source.js'
import type { Rule } from '../rule.js'
import { shellWord } from '../../model/shell-quote.js'
import { perFile } from '../read-input.js'

const WHY = 'The server refuses the bytes, or stores the wrong letters, and no one notices until a customer does.'

export const notUtf8: Rule = {
  id: 'not-utf8',
  title: 'Files are UTF-8 without NUL',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_cities.up.sql
INSERT INTO cities (name) VALUES ('Z<0xFC>rich');
-- 00002_cities.down.sql
DELETE FROM cities;`,
  good: `-- 00002_cities.up.sql
INSERT INTO cities (name) VALUES ('Zürich');
-- 00002_cities.down.sql
DELETE FROM cities;`,
  run: (input) =>
    perFile(input, (file) => {
      const bad = badByte(file)
      if (bad === undefined) return undefined
      const { offset, byte } = bad
      const sixteen =
        (file.bytes[0] === 0xff && file.bytes[1] === 0xfe) || (file.bytes[0] === 0xfe && file.bytes[1] === 0xff)
      const name = shellWord(file.path)
      return {
        offset,
        message: sixteen
          ? 'the file is UTF-16, not UTF-8'
          : byte === 0
            ? 'the file holds a NUL byte'
            : `byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')} is not UTF-8`,
        why: WHY,
        fix:
          byte === 0 && !sixteen
            ? `tr -d '\\000' < ${name} > fixed.sql && mv fixed.sql ${name}`
            : `iconv -f ${sixteen ? 'UTF-16' : 'ISO-8859-1'} -t UTF-8 ${name} > fixed.sql && mv fixed.sql ${name}`,
      }
    }),
}

/** The first wrong byte, with its offset in the text. A U+FFFD that the file contains is right. */
export function badByte({ text, bytes }: SourceFile): { readonly offset: number; readonly byte: number } | undefined {
  const encoder = new TextEncoder()
  for (let offset = nextSuspect(text, 0); offset >= 0; offset = nextSuspect(text, offset + 1)) {
    const at = encoder.encode(text.slice(0, offset)).length
    const [first, second, third] = bytes.subarray(at, at + 3)
    if (text.charAt(offset) === '\0') return { offset, byte: 0 }
    if (first !== 0xef || second !== 0xbf || third !== 0xbd) return { offset, byte: first ?? 0 }
  }
  return undefined
}

function nextSuspect(text: string, from: number): number {
  const replacement = text.indexOf('\uFFFD', from)
  const nul = text.indexOf('\0', from)
  return replacement < 0 || (nul >= 0 && nul < replacement) ? nul : replacement
}
