// The rule `unpaired`.
import { describe, expect, test } from '@jest/globals'
import { brief, findings, of, pair } from '../input.js'

describe('unpaired', () => {
  test('an up without a down', () => {
    expect(of('unpaired', { '00001_a.up.sql': '-- x\nCREATE TABLE a ();' })).toEqual([
      'error unpaired 00001_a.up.sql:2:1 00001_a has no down',
    ])
  })

  test('a folder without a single down is one finding', () => {
    const up = (id: string): readonly [string, string] => [`${id}.up.sql`, 'CREATE TABLE t ();']
    const five = ['00001_a', '00002_b', '00003_c', '00004_d', '00005_e'].map(up)
    expect(of('unpaired', Object.fromEntries(five))).toHaveLength(5)
    expect(of('unpaired', Object.fromEntries([...five, up('00006_f')]))).toEqual([
      'error unpaired 00001_a.up.sql:1:1 none of the 6 migrations has a down',
    ])
  })

  test('a down without an up', () => {
    expect(of('unpaired', { ...pair('00001_a'), '00002_b.down.sql': 'DROP TABLE b;' })).toEqual([
      'error unpaired 00002_b.down.sql:1:1 00002_b has no up',
    ])
  })

  test('same name, other version: one finding for both', () => {
    const found = findings({ '00002_b.up.sql': 'CREATE TABLE b ();', '00003_b.down.sql': 'DROP TABLE b;' })
    expect(brief(found)).toEqual([
      'error unpaired 00003_b.down.sql:1:1 00003_b.down.sql and 00002_b.up.sql do not pair: same name and another version',
    ])
    expect(found[0]?.fix).toBe('git mv migrations/core_db/00003_b.down.sql migrations/core_db/00002_b.down.sql')
  })

  test('same version, other name: one finding', () => {
    const found = findings({ '00002_b.up.sql': 'CREATE TABLE b ();', '00002_c.down.sql': 'DROP TABLE b;' })
    expect(found.map(({ rule }) => rule)).toEqual(['unpaired'])
  })

  test('a goose file without a Down section', () => {
    const found = findings({ '00001_a.sql': '-- +goose Up\nCREATE TABLE a ();\n' })
    expect(brief(found)).toEqual(['error unpaired 00001_a.sql:2:1 00001_a has no down'])
    expect(found[0]?.fix).toContain('-- +goose Down')
  })
})
