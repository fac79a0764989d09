// What the check of dist/ says of each way in which two folders can differ.
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compareFolders } from '../../scripts/compare-folders.mjs'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compare-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const put = async (name: string, text: string, mode = 0o644): Promise<void> => {
  await mkdir(dirname(join(folder, name)), { recursive: true })
  await writeFile(join(folder, name), text)
  await chmod(join(folder, name), mode)
}
const compare = (): Promise<readonly string[]> =>
  compareFolders({ fresh: join(folder, 'fresh'), committed: join(folder, 'dist') })

test('equal folders differ in nothing', async () => {
  await put('fresh/index.js', 'one\ntwo\n')
  await put('dist/index.js', 'one\ntwo\n')
  expect(await compare()).toEqual([])
})

test('new, vanished and changed files, and a lost right to execute', async () => {
  await put('fresh/index.js', 'one\ntwo\n')
  await put('dist/index.js', 'one\n2\n')
  await put('fresh/12.js', 'chunk')
  await put('dist/old/34.js', 'chunk')
  await put('fresh/cli.js', 'cli', 0o755)
  await put('dist/cli.js', 'cli')
  const lines = await compare()
  expect(lines.map((line) => line.split('\n')[0])).toEqual([
    'new       12.js: the build makes it, dist/ has it not',
    'mode      cli.js: executable false -> true',
    'changed   index.js: line 2',
    'vanished  old/34.js: dist/ has it, the build does not make it',
  ])
  expect(lines[2]).toContain('"2"')
})

test('a missing dist/ is every file new', async () => {
  await put('fresh/index.js', '')
  expect(await compare()).toEqual(['new       index.js: the build makes it, dist/ has it not'])
})

test('more lines at the end are a difference', async () => {
  await put('fresh/a', 'x')
  await put('dist/a', 'x\ny')
  expect(await compare()).toHaveLength(1)
})
