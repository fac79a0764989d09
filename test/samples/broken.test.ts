// examples/broken through the real program: exactly the expected findings, on every surface.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { RULES } from '../../src/rules/index.js'
import type { Report } from '../../src/report/check-report.js'
import { compileProgram, type Ended, type Program } from '../entry/program.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const BROKEN = 'examples/broken'

type Expected = { readonly file: string; readonly rule: string; readonly level: string; readonly line: number }
const expected = JSON.parse(readFileSync(path.join(ROOT, BROKEN, 'expected.json'), 'utf8')) as readonly Expected[]
const key = ({ file, line, level, rule }: Expected): string => `${file}:${line} ${level} ${rule}`

describe('examples/broken', () => {
  let program: Program
  let folder: string
  let ended: Ended
  const output = (name: string): string => readFileSync(path.join(folder, name), 'utf8')
  beforeAll(async () => {
    program = compileProgram()
    folder = mkdtempSync(path.join(tmpdir(), 'gate-broken-'))
    ended = await program.run({
      entry: 'cli',
      cwd: ROOT,
      words: [
        'check',
        BROKEN,
        '--config',
        `${BROKEN}/migration-gate.yml`,
        '--verbose',
        '--output',
        `json=${folder}/report.json`,
        '--output',
        `markdown=${folder}/report.md`,
      ],
    })
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test('fails, with nothing on stderr', () => {
    expect(ended).toMatchObject({ code: 1, err: '' })
    expect(ended.out.trimEnd().split('\n').at(-1)).toMatch(/^FAIL {2}/)
  })

  test('JSON: exactly the expected findings, each with why and fix', () => {
    const { findings } = JSON.parse(output('report.json')) as Report
    const found = findings.map(({ place, level, rule }) =>
      key({ file: place?.file ?? '', line: place?.line ?? 0, level, rule }),
    )
    expect(found.toSorted()).toEqual(expected.map(key).toSorted())
    for (const { why, fix } of findings) expect([why, fix]).not.toContain('')
  })

  test.each(['text', 'markdown'])('%s: every rule that speaks is named', (format) => {
    const text = format === 'text' ? ended.out : output('report.md')
    const spoken = new Set(expected.map(({ rule }) => rule))
    const unnamed = RULES.filter(({ id }) => spoken.has(id) && !text.includes(id)).map(({ id }) => id)
    expect(unnamed).toEqual([])
  })
})
