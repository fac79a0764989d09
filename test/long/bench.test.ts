// Each benchmark runs, on a few migrations: what it measures is compared by people.
import { beforeAll, describe, expect, test } from '@jest/globals'
import { execFileSync, spawnSync } from 'node:child_process'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '../..')

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

beforeAll(() => {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { cwd: ROOT })
}, 120_000)

describe.each([
  ['run', undefined, ['--sizes', '3', '--renames', '3', '--rounds', '1']],
  ['up', 'goose', ['--size', '3', '--applied', '5', '--rounds', '1']],
  ['pull', 'goose', ['--old', '5', '--new', '1', '--rounds', '1']],
  ['restore', 'psql', ['--scale', '1', '--rounds', '1']],
  ['broken', 'psql', ['--size', '6', '--rounds', '1']],
] as const)('bench/%s.mjs', (name, program, words) => {
  const it = program === undefined || has(program) ? test : test.skip

  it(`prints its table${program === undefined ? '' : ` (needs ${program})`}`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [`bench/${name}.mjs`, ...words], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect({ status, stderr }).toMatchObject({ status: 0 })
    expect(stdout).toMatch(/^\| /m)
  })
})
