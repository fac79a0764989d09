// Keeps the import borders of docs/ARCHITECTURE.md.
import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { violations } from './architecture/borders.js'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))

const readSources = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(SRC, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => [name.replaceAll('\\', '/'), readFileSync(join(SRC, name), 'utf8')]),
  )

test('the sources keep every border', () => {
  const sources = readSources()
  expect(sources.size).toBeGreaterThan(10)
  expect(violations(sources)).toEqual([])
})

const CLEAN = {
  'core/plan.ts': "import { createHash } from 'node:crypto'\nimport type { A } from './a.js'",
  'core/a.ts': 'export type A = { readonly process: number }',
  'ports.ts': "import type { A } from './core/a.js'",
  'postgres/session.ts': "import pg from 'pg'\nimport type { A } from '../core/a.js'",
  'checks/index.ts': "export { naming } from './naming.js'",
  'checks/naming.ts': "import type { A } from '../core/a.js'",
  'postgres/owner.ts': 'export const end = () => process.kill(process.pid)',
  'postgres/needed.ts': 'await import(/* webpackMode: "eager" */ \'age-encryption\')',
  'entry/late.ts': "await import(/* webpackIgnore: true */ '../core/a.js')",
  'host/environment.ts': "import { readFile } from 'node:fs/promises'\nconst { env } = process",
  'entry/cli.ts': "import { naming } from '../checks/index.js'\nimport '../postgres/session.js'",
}

const planted = (files: Readonly<Record<string, string>>): readonly string[] =>
  violations(new Map(Object.entries({ ...CLEAN, ...files })))

test('a clean tree has no violation', () => {
  expect(planted({})).toEqual([])
})

describe('each planted violation is told by file', () => {
  test.each([
    [
      'core imports checks',
      { 'core/b.ts': "import '../checks/naming.js'" },
      'core/b.ts: may not import checks/naming.ts',
    ],
    [
      'only a type of an adapter',
      { 'proof/p.ts': "import type { S } from '../postgres/session.js'" },
      'proof/p.ts: may not import postgres/session.ts',
    ],
    [
      'a type in place',
      { 'render/r.ts': "let x: import('../host/environment.js').E" },
      'render/r.ts: may not import host/environment.ts',
    ],
    [
      'an adapter imports another',
      { 'github/g.ts': "import '../postgres/session.js'" },
      'github/g.ts: may not import postgres/session.ts',
    ],
    ['pg outside postgres/', { 'host/h.ts': "import pg from 'pg'" }, 'host/h.ts: may not use pg'],
    ['a part of pg', { 'app/h.ts': "import pool from 'pg/lib/pool.js'" }, 'app/h.ts: may not use pg/lib/pool.js'],
    [
      'another package that begins so',
      { 'postgres/h.ts': "import x from 'pg-copy-streams'" },
      'postgres/h.ts: may not use pg-copy-streams',
    ],
    [
      '@actions outside the edges',
      { 'render/r.ts': "import * as core from '@actions/core'" },
      'render/r.ts: may not use @actions/core',
    ],
    ['a package nobody may use', { 'entry/e.ts': "import _ from 'lodash'" }, 'entry/e.ts: may not use lodash'],
    [
      'files from a pure folder',
      { 'layouts/l.ts': "import { readFile } from 'node:fs/promises'" },
      'layouts/l.ts: may not use node:fs/promises',
    ],
    ['process', { 'app/a.ts': 'export const e = process.env' }, 'app/a.ts: touches process.env'],
    [
      'the environment of an adapter',
      { 'postgres/a.ts': 'process.kill(process.pid); process.env' },
      'postgres/a.ts: touches process.env',
    ],
    ['process off globalThis', { 'app/a.ts': 'export const e = globalThis.process' }, 'app/a.ts: touches process'],
    ['process in brackets', { 'app/a.ts': "export const e = globalThis['process']" }, 'app/a.ts: touches process'],
    [
      'process as a module',
      { 'postgres/a.ts': "import { env } from 'node:process'" },
      'postgres/a.ts: touches process',
    ],
    [
      'a dynamic import',
      { 'entry/e.ts': "await import('../core/a.js')" },
      'entry/e.ts: imports ../core/a.js dynamically',
    ],
    [
      'a late import inside',
      { 'app/e.ts': "await import(/* webpackIgnore: true */ '../core/a.js')" },
      'app/e.ts: imports ../core/a.js dynamically',
    ],
    [
      'one of our own files when it is needed',
      { 'app/e.ts': 'await import(/* webpackMode: "eager" */ \'../core/a.js\')' },
      'app/e.ts: imports ../core/a.js dynamically',
    ],
    [
      'a package when it is needed, where nobody may use it',
      { 'app/e.ts': 'await import(/* webpackMode: "eager" */ \'pg\')' },
      'app/e.ts: may not use pg',
    ],
    ['a computed import', { 'entry/e.ts': 'await import(name)' }, 'entry/e.ts: imports (computed) dynamically'],
    ['a barrel', { 'core/all.ts': "export * from './a.js'" }, 'core/all.ts: hands on ./a.js'],
    ['a barrel by its name', { 'core/index.ts': '' }, 'core/index.ts: is a barrel by its name'],
    ['utils', { 'core/text-utils.ts': '' }, 'core/text-utils.ts: is named after nothing'],
    ['a folder of utils', { 'core/utils/text.ts': '' }, 'core/utils/text.ts: is named after nothing'],
    ['no ending', { 'core/b.ts': "import './a'" }, 'core/b.ts: imports ./a, which is no file of src/'],
    ['no such file', { 'core/b.ts': "import './gone.js'" }, 'core/b.ts: imports ./gone.js, which is no file of src/'],
    ['an unknown folder', { 'misc/b.ts': '' }, 'misc/b.ts: lies in no known folder'],
    [
      'a cycle of types',
      { 'core/b.ts': "import type { C } from './c.js'", 'core/c.ts': "import type { B } from './b.js'" },
      'cycle: core/b.ts -> core/c.ts -> core/b.ts',
    ],
    ['a file that imports itself', { 'core/b.ts': "import './b.js'" }, 'cycle: core/b.ts -> core/b.ts'],
  ])('%s', (_name, files: Readonly<Record<string, string>>, expected) => {
    expect(planted(files)).toContain(expected)
  })
})
