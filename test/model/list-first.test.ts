// Many findings of one rule in one file: listed to a limit, and counted.
import { describe, expect, test } from '@jest/globals'
import { listFirst, numberOf, type Finding } from '../../src/model/finding.js'

const finding = (line: number, rule = 'psql-command', file = 'migrations/1_a.sql'): Finding => ({
  rule,
  level: 'warning',
  database: 'app',
  migration: '1_a',
  place: { file, line, column: 1 },
  message: `:v${line} is a psql variable`,
  why: '',
  fix: '',
})
const lines = (count: number): readonly Finding[] => Array.from({ length: count }, (_, i) => finding(i + 1))

describe('findings of one rule in one file', () => {
  test('are all listed where they are few', () => {
    expect(listFirst(lines(20))).toEqual(lines(20))
  })
  test('are counted behind the first twenty', () => {
    const listed = listFirst(lines(5_000))
    expect(listed.map(({ more }) => more)).toEqual([...Array.from({ length: 19 }, () => undefined), 4_980])
    expect(numberOf(listed)).toBe(5_000)
  })
  test('hide no other rule and no other file', () => {
    const others = [finding(1, 'session-setting'), finding(1, 'psql-command', 'migrations/2_b.sql')]
    expect(listFirst([...lines(30), ...others]).slice(-2)).toEqual(others)
  })
})
