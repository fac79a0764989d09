// The counts that CI ends with add up, whatever became of a test.
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { count, slowest } from '../../scripts/count-reporter.mjs'

const SUM = fileURLToPath(new URL('../../scripts/sum-counts.mjs', import.meta.url))
const statuses = (...names: readonly string[]) => names.map((status) => ({ status, fullName: `the ${status} one` }))

test('a file that could not be loaded is a failure', () => {
  expect(
    count({
      testResults: [
        { testResults: statuses('passed', 'passed', 'failed', 'pending', 'todo') },
        { testResults: [], testExecError: new Error('Cannot find module') },
      ],
    }),
  ).toEqual({ passed: 2, failed: 2, skipped: 2, names: ['the pending one', 'the todo one'], files: [] })
})

test('the slowest files are named, the slowest first', () => {
  const file = fileURLToPath(import.meta.url)
  const { files } = count({ testResults: [{ testResults: [], testFilePath: file, perfStats: { runtime: 1_240 } }] })
  expect(files).toEqual([{ file: 'test/scripts/counts.test.ts', seconds: 1.2 }])
  expect(slowest(files)).toEqual([])
  const more = Array.from({ length: 11 }, (_, at) => ({ file: `${at}.ts`, seconds: at }))
  expect(slowest([...files, ...more]).slice(0, 3)).toEqual(['slowest files:', '    10.0 s  10.ts', '     9.0 s  9.ts'])
  expect(slowest([...files, ...more])).toHaveLength(11)
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const sum = (lines: readonly string[], ...steps: readonly string[]) => {
  writeFileSync(join(folder, 'counts'), lines.map((line) => `${line}\n`).join(''))
  const { stdout, status } = spawnSync(process.execPath, [SUM, join(folder, 'counts'), ...steps], { encoding: 'utf8' })
  return { last: stdout.trimEnd().split('\n').at(-1), stdout, status }
}
const run = (passed: number, failed: number, names: readonly string[]): string =>
  JSON.stringify({ passed, failed, skipped: names.length, names, files: [{ file: `${passed}.ts`, seconds: passed }] })

test('runs are summed, and skipped tests named', () => {
  const result = sum([run(10, 0, ['needs goose']), run(5, 0, [])])
  expect(result).toMatchObject({ last: '15 passed, 0 failed, 1 skipped', status: 0 })
  expect(result.stdout).toContain('needs goose')
  expect(result.stdout).toContain('    10.0 s  10.ts\n     5.0 s  5.ts\n')
})

test('a failed test fails, and so does a step that failed outside of the tests', () => {
  expect(sum([run(10, 1, [])])).toMatchObject({ last: '10 passed, 1 failed, 0 skipped', status: 1 })
  expect(sum([run(10, 0, [])], 'npm test (exit code 2)')).toMatchObject({
    last: '10 passed, 1 failed, 0 skipped',
    status: 1,
  })
})

test('nothing run is no success', () => {
  expect(sum([])).toMatchObject({ last: '0 passed, 0 failed, 0 skipped', status: 1 })
})
