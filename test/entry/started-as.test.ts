// The commands that errors suggest begin as the reader's own command did.
import { afterEach, expect, test } from '@jest/globals'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { programOf } from '../../src/entry/cli/started-as.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'

const made: Folder[] = []
afterEach(() => {
  for (const folder of made.splice(0)) folder.remove()
})

/** A repository with the program installed, and a folder of programs that PATH has. */
function repository() {
  const folder = makeFolder({ 'node_modules/pg-migration-gate/dist/cli.js': '', 'tools/bin/other': '' })
  made.push(folder)
  const { path: root } = folder
  mkdirSync(path.join(root, 'node_modules/.bin'))
  chmodSync(path.join(root, 'node_modules/pg-migration-gate/dist/cli.js'), 0o755)
  const real = path.join(root, 'node_modules/pg-migration-gate/dist/cli.js')
  for (const link of ['node_modules/.bin/pg-migration-gate', 'tools/bin/pg-migration-gate'])
    symlinkSync(real, path.join(root, link))
  writeFileSync(path.join(root, 'tools/pg-migration-gate'), '#!/bin/sh\nexec node somewhere/cli.js "$@"\n')
  return { root, real, bin: path.join(root, 'node_modules/.bin'), tools: path.join(root, 'tools/bin') }
}

const npm = { npm_config_user_agent: 'npm/10.8.2 node/v20.20.0 linux x64 workspaces/false' }

test.each([
  ['a link that PATH has', 'tools/bin/pg-migration-gate', { PATH: 'tools/bin' }, 'pg-migration-gate'],
  [
    'the same program by its file',
    'node_modules/pg-migration-gate/dist/cli.js',
    { PATH: 'tools/bin' },
    'pg-migration-gate',
  ],
  ['a script of a shell that PATH has', 'dist/cli.js', { PATH: 'tools' }, 'pg-migration-gate'],
  [
    'npx, and a script of npm',
    'node_modules/.bin/pg-migration-gate',
    { PATH: 'node_modules/.bin', ...npm },
    'npx pg-migration-gate',
  ],
  [
    'pnpm',
    'node_modules/.bin/pg-migration-gate',
    { PATH: 'node_modules/.bin', npm_config_user_agent: 'pnpm/9.1.0 npm/? node/v20' },
    'pnpm exec pg-migration-gate',
  ],
  [
    'yarn',
    'node_modules/.bin/pg-migration-gate',
    { PATH: '', npm_config_user_agent: 'yarn/1.22.22' },
    'yarn pg-migration-gate',
  ],
  ['by its path', 'node_modules/.bin/pg-migration-gate', { PATH: '' }, 'node_modules/.bin/pg-migration-gate'],
  ['npm run in the clone of the program', 'dist/cli.js', { PATH: 'node_modules/.bin', ...npm }, 'node dist/cli.js'],
  ['node in the clone of the program', 'dist/cli.js', { PATH: '' }, 'node dist/cli.js'],
])('%s', (_, script, { PATH, ...environment }, expected) => {
  const { root } = repository()
  mkdirSync(path.join(root, 'dist'))
  writeFileSync(path.join(root, 'dist/cli.js'), '')
  const at = (name: string): string => (name === '' ? '/nowhere' : path.join(root, name))
  expect(programOf({ script: at(script), folder: root, environment: { ...environment, PATH: at(PATH) } })).toBe(
    expected,
  )
})

test('from another folder: the whole path, quoted for a shell', () => {
  const folder = makeFolder({ 'my tools/dist/cli.js': '' })
  made.push(folder)
  const script = folder.at('my tools/dist/cli.js')
  expect(programOf({ script, folder: '/tmp', environment: {} })).toBe(`node '${script.replace(/^\/tmp\//, '')}'`)
  expect(programOf({ script, folder: folder.at('other'), environment: {} })).toBe(`node '${script}'`)
})
