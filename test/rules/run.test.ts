// What holds for all rules together: levels, files that count, and findings that are one fact.
import { describe, expect, test } from '@jest/globals'
import { findings, pair } from './input.js'
import { proofFindings } from './recorded-proof.js'

test('a proof that holds says nothing', () => {
  expect(proofFindings({})).toEqual([])
})

describe('levels', () => {
  const files = { '00001_a.up.sql': 'SET a = 1;\r\nSELECT 2;\n', '00001_a.down.sql': '' }

  test('the config changes them and turns rules off', () => {
    expect(findings(files).map(({ rule, level }) => `${level} ${rule}`)).toEqual([
      'error down-empty',
      'warning session-setting',
      'note mixed-line-ends',
    ])
    const levels = { 'down-empty': 'note', 'mixed-line-ends': 'error', 'session-setting': 'off' } as const
    expect(findings(files, { levels }).map(({ rule, level }) => `${level} ${rule}`)).toEqual([
      'error mixed-line-ends',
      'note down-empty',
    ])
  })
})

test('files that the layout passes over are no concern of any rule', () => {
  const files = {
    ...pair('00001_a'),
    'README.md': '<<<<<<< HEAD\n',
    '00001_a.mysql.up.sql': "\uFEFFCREATE USER a PASSWORD 'secret';",
  }
  expect(findings(files)).toEqual([])
})
