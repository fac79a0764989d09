// The rule `conflict-marker`.
import { describe, expect, test } from '@jest/globals'
import { findings, of, pair } from '../input.js'

describe('conflict-marker', () => {
  test('names the first marker and counts the others', () => {
    const up = 'SELECT 2;\n<<<<<<< HEAD\nSELECT 3;\n=======\nSELECT 4;\n>>>>>>> other\n'
    expect(of('conflict-marker', { ...pair('00001_a'), '00001_a.up.sql': up })).toEqual([
      'warning conflict-marker 00001_a.up.sql:2:1 merge conflict marker <<<<<<< (2 in this file)',
    ])
  })

  test.each(["SELECT '<<<<<<<';\n", 'SELECT 2; -- =======\n', '-- ======= a headline\nSELECT 2;\n'])(
    '%j is fine',
    (up) => {
      expect(findings({ ...pair('00001_a'), '00001_a.up.sql': up })).toEqual([])
    },
  )
})
