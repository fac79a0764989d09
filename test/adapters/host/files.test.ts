// Files on a real disk: links, pipes, rights and names.
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createFiles } from '../../../src/adapters/host/files.js'
import { fromRoot } from '../../../src/adapters/host/files.js'
import type { Files } from '../../../src/ports/files.js'
import { makeFolder, type Folder } from './folder.js'

let folder: Folder
let outside: Folder
let files: Files
beforeEach(() => {
  folder = makeFolder({
    'm/b.sql': 'SELECT 1',
    'm/B.sql': '',
    'm/ä.sql': '',
    'm/sub/deep/x.txt': 'x',
    'other/y.sql': 'y',
  })
  outside = makeFolder({ 'secret.sql': 'secret', 'm/z.sql': 'z' })
  files = createFiles(folder.path)
})
afterEach(() => {
  folder.remove()
  outside.remove()
})

const because = async (name: string): Promise<string | undefined> => (await files.read(name, 'm')).unreadable

test('the tree is sorted by bytes, whatever way the folder is written', async () => {
  const tree = ['m/B.sql', 'm/b.sql', 'm/sub/deep/x.txt', 'm/ä.sql']
  expect(await files.tree('m')).toEqual(tree)
  expect(await files.tree('./m/')).toEqual(tree)
  expect(await files.tree('.')).toEqual([...tree, 'other/y.sql'])
  expect(await files.tree('nope')).toBeUndefined()
  expect(await files.tree('m/b.sql')).toBeUndefined()
})

test('a folder outside of the repository, absolute or not, is read', async () => {
  expect(await files.tree(`${outside.path}/m`)).toEqual([`${outside.path}/m/z.sql`])
  const relative = fromRoot(folder.at('m'), '../other')
  expect(relative).toBe('../other')
  expect(await createFiles(folder.at('m')).tree(relative)).toEqual(['../other/y.sql'])
  expect(await createFiles(folder.at('m')).read('../other/y.sql', relative)).toMatchObject({ name: 'y.sql', text: 'y' })
})

test('git, node_modules and circles of links are not entered', async () => {
  mkdirSync(folder.at('m/.git'))
  mkdirSync(folder.at('m/node_modules'))
  writeFileSync(folder.at('m/.git/a.sql'), '')
  writeFileSync(folder.at('m/node_modules/a.sql'), '')
  symlinkSync('..', folder.at('m/sub/up'))
  expect(await files.tree('m')).toEqual(['m/B.sql', 'm/b.sql', 'm/sub/deep/x.txt', 'm/ä.sql'])
})

test('follows links inside the repository; reports links out of it and does not read them', async () => {
  symlinkSync('b.sql', folder.at('m/l1.sql'))
  symlinkSync(outside.at('secret.sql'), folder.at('m/l2.sql'))
  symlinkSync('gone.sql', folder.at('m/l3.sql'))
  symlinkSync(outside.path, folder.at('m/lf'))
  symlinkSync('../other', folder.at('m/inner'))
  expect(await files.tree('m')).toEqual(expect.arrayContaining(['m/inner/y.sql', 'm/l1.sql', 'm/l2.sql', 'm/l3.sql']))
  expect(await files.linked('m')).toEqual(['m/lf'])
  expect(await files.read('m/l1.sql', 'm')).toMatchObject({ text: 'SELECT 1', unreadable: undefined })
  expect(await files.read('m/l2.sql', 'm')).toMatchObject({
    text: '',
    unreadable: 'it is a link that leads out of the repository',
  })
  expect(await because('m/l3.sql')).toBe('it is a broken link')
  expect(await because('m/lf/secret.sql')).toBe('it is a link that leads out of the repository')
})

test('a folder that is itself a link out of the repository is refused', async () => {
  symlinkSync(outside.path, folder.at('migrations'))
  await expect(files.tree('migrations')).rejects.toMatchObject({
    kind: 'use',
    message: 'migrations is a link that leads out of the repository',
  })
})

test('reports what is no regular file, and does not hang on a named pipe', async () => {
  execFileSync('mkfifo', [folder.at('m/pipe.sql')])
  mkdirSync(folder.at('m/dir.sql'))
  expect(await files.tree('m')).toEqual(expect.arrayContaining(['m/pipe.sql', 'm/dir.sql']))
  expect(await because('m/pipe.sql')).toBe('it is not a regular file')
  expect(await because('m/dir.sql')).toBe('it is a folder')
  expect(await because('m/nope.sql')).toBe('it is not there')
  expect(await files.kind('m/pipe.sql')).toBe('other')
  expect(await files.kind('m/dir.sql')).toBe('folder')
  expect(await files.kind('m/b.sql')).toBe('file')
  expect(await files.kind('m/nope.sql')).toBeUndefined()
})

const plainUser = process.getuid?.() === 0 ? test.skip : test

plainUser('reports what it may not read (needs a plain user, root may read all)', async () => {
  chmodSync(folder.at('m/b.sql'), 0)
  chmodSync(folder.at('m/sub'), 0)
  expect(await because('m/b.sql')).toBe('permission denied')
  expect(await files.tree('m')).toContain('m/sub')
  chmodSync(folder.at('m/sub'), 0o700)
})

test('bytes that are no UTF-8 and a byte order mark are kept for others to judge', async () => {
  writeFileSync(folder.at('m/b.sql'), Buffer.from([0xef, 0xbb, 0xbf, 0x41, 0xff]))
  const file = await files.read('m/b.sql', 'm')
  expect(file.text).toBe('\uFEFFA\uFFFD')
  expect([...file.bytes]).toEqual([0xef, 0xbb, 0xbf, 0x41, 0xff])
})

test('writing makes the folders above', async () => {
  await files.write('out/a/report.json', '{}')
  expect(readFileSync(folder.at('out/a/report.json'), 'utf8')).toBe('{}')
  expect(existsSync(folder.at('out/a'))).toBe(true)
})

test.each([
  ['.', '.'],
  ['./a/', 'a'],
  ['a/../b', 'b'],
  ['/repo/a', 'a'],
  ['/repo', '.'],
  ['/other/a/', '/other/a'],
  ['../a', '../a'],
])('%s from the root is %s', (name, shown) => {
  expect(fromRoot('/repo', name)).toBe(shown)
})

test('a file is made once, with its folders, and never through a link that leads out', async () => {
  await files.create('m/new/c.sql', 'c')
  expect(readFileSync(folder.at('m/new/c.sql'), 'utf8')).toBe('c')
  await expect(files.create('m/new/c.sql', 'd')).rejects.toMatchObject({
    kind: 'use',
    message: 'm/new/c.sql cannot be written: it already exists',
  })
  expect(readFileSync(folder.at('m/new/c.sql'), 'utf8')).toBe('c')
  symlinkSync(outside.path, folder.at('m/seeds'))
  await expect(files.create('m/seeds/deep/c.sql', 'c')).rejects.toMatchObject({ kind: 'use' })
  expect(existsSync(outside.at('deep'))).toBe(false)
  symlinkSync(outside.at('secret.sql'), folder.at('m/link.sql'))
  await expect(files.create('m/link.sql', 'c')).rejects.toMatchObject({ kind: 'use' })
  expect(readFileSync(outside.at('secret.sql'), 'utf8')).toBe('secret')
})
