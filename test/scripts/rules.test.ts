// The scripts for authors of rules: stubs, and the list of what the broken examples show.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, type FormatConfig } from 'oxfmt'
import ts from 'typescript'
import { changedLines, expectedText } from '../../scripts/expected.mjs'
import { nextSteps, readWords, writeRule } from '../../scripts/new-rule.mjs'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const style = JSON.parse(readFileSync(path.join(ROOT, '.oxfmtrc.json'), 'utf8')) as FormatConfig
const KINDS = ['files', 'proof', 'impact', 'change', 'waivers'] as const

describe('npm run new-rule', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'new-rule-'))
    await mkdir(path.join(root, 'src/rules'), { recursive: true })
    await cp(path.join(ROOT, 'src/rules/index.ts'), path.join(root, 'src/rules/index.ts'))
  })
  afterEach(() => rm(root, { recursive: true }))
  const written = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8')

  test.each(KINDS)('%s: the stubs are formatted, and the list has the rule', async (kind) => {
    const files = await writeRule({ root, id: 'no-odd-names', kind })
    expect(files.slice(0, 2)).toEqual([`src/rules/${kind}/no-odd-names.ts`, `test/rules/${kind}/no-odd-names.ts`])
    expect(files.at(-1)).toBe('src/rules/index.ts')
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const text = await written(file)
      expect(await format(file, text, style)).toEqual({ code: text, errors: [] })
      expect(ts.transpileModule(text, { reportDiagnostics: true }).diagnostics).toEqual([])
    }
    const list = await written('src/rules/index.ts')
    expect(list).toContain(`import { noOddNames } from './${kind}/no-odd-names.js'\n`)
    const before = readFileSync(path.join(ROOT, 'src/rules/index.ts'), 'utf8')
    expect(list.split('\n').filter((line) => !before.split('\n').includes(line))).toHaveLength(2)
  })

  test('the example is a database of its own, for rules that one can show', async () => {
    expect(await writeRule({ root, id: 'no-odd-names', kind: 'proof' })).toContain(
      'examples/broken/no_odd_names/00001_no_odd_names.up.sql',
    )
    expect(await writeRule({ root, id: 'no-odd-waivers', kind: 'waivers' })).toHaveLength(3)
  })

  test('a rule that is there is left alone', async () => {
    await writeRule({ root, id: 'no-odd-names', kind: 'files' })
    const before = await written('src/rules/index.ts')
    await expect(writeRule({ root, id: 'no-odd-names', kind: 'files' })).rejects.toThrow(/is there already/)
    expect(await written('src/rules/index.ts')).toBe(before)
  })

  test.each([[[]], [['No-Caps', 'files']], [['no-kind']], [['no-kind', 'sql']]])(
    '%j is refused with the usage',
    (words) => {
      expect(() => readWords(words)).toThrow(/npm run new-rule -- <id> <files\|proof\|impact\|change\|waivers>/)
    },
  )

  test('says four next steps', () => {
    for (const kind of KINDS) expect(nextSteps({ id: 'no-odd-names', kind }).split('\n')).toHaveLength(4)
    expect(readWords(['no-odd-names', 'proof'])).toEqual({ id: 'no-odd-names', kind: 'proof' })
  })
})

describe('npm run expected', () => {
  const finding = (file: string, line: number, rule: string) =>
    ({ database: 'a', migration: undefined, place: { file, line, column: 1 }, rule, level: 'note' }) as const

  test('findings in the order of file, line and rule, one on a line', () => {
    const text = expectedText([
      finding('b.sql', 1, 'x'),
      finding('a.sql', 2, 'y'),
      finding('a.sql', 2, 'x'),
      finding('a.sql', 1, 'z'),
    ])
    const found = JSON.parse(text) as readonly { readonly file: string; readonly line: number; readonly rule: string }[]
    expect(found.map(({ file, line, rule }) => `${file} ${line} ${rule}`)).toEqual([
      'a.sql 1 z',
      'a.sql 2 x',
      'a.sql 2 y',
      'b.sql 1 x',
    ])
    expect(text.split('\n')[1]).toBe(
      '  {"database": "a", "migration": null, "file": "a.sql", "rule": "z", "level": "note", "line": 1},',
    )
  })

  test('the list in the repository is written so', () => {
    const text = readFileSync(path.join(ROOT, 'examples/broken/expected.json'), 'utf8')
    type Row = { database: string; migration: string | null; file: string; rule: string; level: 'note'; line: number }
    const findings = (JSON.parse(text) as readonly Row[]).map(({ database, migration, file, line, rule, level }) => ({
      database,
      migration: migration ?? undefined,
      place: { file, line, column: 1 },
      rule,
      level,
    }))
    expect(expectedText(findings)).toBe(text)
  })

  test('what changed, without what only moved', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => finding(`${name}.sql`, 1, 'x'))
    const list = (...findings: readonly (typeof a)[]): string => expectedText(findings.flatMap((one) => one ?? []))
    expect(changedLines(list(a, b), list(a, b))).toEqual([])
    expect(changedLines(list(a, b), list(b, c))).toEqual([
      expect.stringMatching(/^- .*"a\.sql"/),
      expect.stringMatching(/^\+ .*"c\.sql"/),
    ])
  })
})
