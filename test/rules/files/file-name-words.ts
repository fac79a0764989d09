// The rule `file-name-words`.
import { describe, expect, test } from '@jest/globals'
import { brief, findings, pair } from '../input.js'

describe('file-name-words', () => {
  test('words of another style are a note in a folder of another convention', () => {
    const files = { ...pair('000001_a_b'), ...pair('000002_c-d'), ...pair('000003_e_f') }
    expect(brief(findings(files))).toEqual([
      'note file-name-words 000002_c-d.up.sql:1:1 the words of 000002_c-d.up.sql do not follow the style of the other names (000002_c_d.up.sql)',
    ])
  })

  test('what follows the number is a note where the tool does not read it', () => {
    const migrate = '-- +migrate Up\nCREATE TABLE t ();\n-- +migrate Down\nDROP TABLE t;\n'
    const dbmate = '-- migrate:up\nCREATE TABLE t ();\n-- migrate:down\nDROP TABLE t;\n'
    for (const text of [migrate, dbmate]) {
      const names = ['20240101120000_a.sql', '20240102120000-b.sql', '20240103120000_c.sql']
      expect(brief(findings(Object.fromEntries(names.map((name) => [name, text]))))).toEqual([
        'note file-name-words 20240102120000-b.sql:1:1 the words of 20240102120000-b.sql do not follow the style of the other names (20240102120000_b.sql)',
      ])
    }
  })

  test('digits in the words are a note, and only in a folder of the default convention', () => {
    const files = { ...pair('00001_add_oauth2'), ...pair('00002_b'), ...pair('00003_c') }
    expect(brief(findings(files))).toEqual([
      'note file-name-words 00001_add_oauth2.up.sql:1:1 digits in the words of 00001_add_oauth2.up.sql',
    ])
    expect(findings({ ...pair('000001_add_oauth2'), ...pair('000002_b'), ...pair('000003_c') })).toEqual([])
  })
})
