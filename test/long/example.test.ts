// The example of docs/library.md, run by the command in it.
import { expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const ROOT = path.resolve(import.meta.dirname, '../..')

test('the example runs', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', 'examples/library/migrations.test.mjs'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  })
  expect(stdout).toMatch(/pass 3\n/)
})
