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

test('no folder has more than 25 files', () => {
  const counts = new Map<string, number>()
  for (const name of readSources().keys()) {
    const folder = name.split('/').slice(0, -1).join('/')
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  expect([...counts].filter(([, count]) => count > 25)).toEqual([])
})

const CLEAN = {
  'model/plan.ts': "import { createHash } from 'node:crypto'\nimport type { A } from './a.js'",
  'model/a.ts': 'export type A = { readonly process: number }',
  'ports/files.ts': "import type { A } from '../model/a.js'",
  'adapters/postgres/session.ts': "import pg from 'pg'\nimport type { A } from '../../model/a.js'",
  'rules/index.ts': "export { naming } from './naming.js'",
  'rules/naming.ts': "import type { A } from '../model/a.js'",
  'adapters/postgres/owner.ts': 'export const end = () => process.kill(process.pid)',
  'adapters/postgres/needed.ts': 'await import(/* webpackMode: "eager" */ \'age-encryption\')',
  'entry/late.ts': "await import(/* webpackIgnore: true */ '../model/a.js')",
  'adapters/host/environment.ts': "import { readFile } from 'node:fs/promises'\nconst { env } = process",
  'entry/cli.ts': "import { naming } from '../rules/index.js'\nimport '../adapters/postgres/session.js'",
}

const planted = (files: Readonly<Record<string, string>>): readonly string[] =>
  violations(new Map(Object.entries({ ...CLEAN, ...files })))

test('a clean tree has no violation', () => {
  expect(planted({})).toEqual([])
})

describe('each planted violation is reported by file', () => {
  test.each([
    [
      'core imports checks',
      { 'model/b.ts': "import '../rules/naming.js'" },
      'model/b.ts: may not import rules/naming.ts',
    ],
    [
      'only a type of an adapter',
      { 'prove/p.ts': "import type { S } from '../adapters/postgres/session.js'" },
      'prove/p.ts: may not import adapters/postgres/session.ts',
    ],
    [
      'a type in place',
      { 'render/r.ts': "let x: import('../adapters/host/environment.js').E" },
      'render/r.ts: may not import adapters/host/environment.ts',
    ],
    [
      'an adapter imports another',
      { 'adapters/github/g.ts': "import '../../adapters/postgres/session.js'" },
      'adapters/github/g.ts: may not import adapters/postgres/session.ts',
    ],
    [
      'a command imports another',
      { 'commands/release/r.ts': "import '../migrate/up.js'", 'commands/migrate/up.ts': '' },
      'commands/release/r.ts: may not import commands/migrate/up.ts',
    ],
    ['an unknown command folder', { 'commands/new/n.ts': '' }, 'commands/new/n.ts: lies in no known folder'],
    ['pg outside postgres/', { 'adapters/host/h.ts': "import pg from 'pg'" }, 'adapters/host/h.ts: may not use pg'],
    [
      'a part of pg',
      { 'commands/check/h.ts': "import pool from 'pg/lib/pool.js'" },
      'commands/check/h.ts: may not use pg/lib/pool.js',
    ],
    [
      'another package that begins so',
      { 'adapters/postgres/h.ts': "import x from 'pg-copy-streams'" },
      'adapters/postgres/h.ts: may not use pg-copy-streams',
    ],
    [
      '@actions outside the edges',
      { 'render/r.ts': "import * as core from '@actions/core'" },
      'render/r.ts: may not use @actions/core',
    ],
    ['a package that no file may use', { 'entry/e.ts': "import _ from 'lodash'" }, 'entry/e.ts: may not use lodash'],
    [
      'files from a pure folder',
      { 'tools/l.ts': "import { readFile } from 'node:fs/promises'" },
      'tools/l.ts: may not use node:fs/promises',
    ],
    ['process', { 'commands/check/a.ts': 'export const e = process.env' }, 'commands/check/a.ts: touches process.env'],
    [
      'the environment of an adapter',
      { 'adapters/postgres/a.ts': 'process.kill(process.pid); process.env' },
      'adapters/postgres/a.ts: touches process.env',
    ],
    [
      'process off globalThis',
      { 'commands/check/a.ts': 'export const e = globalThis.process' },
      'commands/check/a.ts: touches process',
    ],
    [
      'process in brackets',
      { 'commands/check/a.ts': "export const e = globalThis['process']" },
      'commands/check/a.ts: touches process',
    ],
    [
      'process as a module',
      { 'adapters/postgres/a.ts': "import { env } from 'node:process'" },
      'adapters/postgres/a.ts: touches process',
    ],
    [
      'a dynamic import',
      { 'entry/e.ts': "await import('../model/a.js')" },
      'entry/e.ts: imports ../model/a.js dynamically',
    ],
    [
      'a late import inside',
      { 'commands/check/e.ts': "await import(/* webpackIgnore: true */ '../../model/a.js')" },
      'commands/check/e.ts: imports ../../model/a.js dynamically',
    ],
    [
      'one of our own files when it is needed',
      { 'commands/check/e.ts': 'await import(/* webpackMode: "eager" */ \'../../model/a.js\')' },
      'commands/check/e.ts: imports ../../model/a.js dynamically',
    ],
    [
      'a package when it is needed, where no file may use it',
      { 'commands/check/e.ts': 'await import(/* webpackMode: "eager" */ \'pg\')' },
      'commands/check/e.ts: may not use pg',
    ],
    ['a computed import', { 'entry/e.ts': 'await import(name)' }, 'entry/e.ts: imports (computed) dynamically'],
    ['a barrel', { 'model/all.ts': "export * from './a.js'" }, 'model/all.ts: hands on ./a.js'],
    ['a barrel by its name', { 'model/index.ts': '' }, 'model/index.ts: is a barrel by its name'],
    ['utils', { 'model/text-utils.ts': '' }, 'model/text-utils.ts: is named after nothing'],
    ['a folder of utils', { 'model/utils/text.ts': '' }, 'model/utils/text.ts: is named after nothing'],
    ['no ending', { 'model/b.ts': "import './a'" }, 'model/b.ts: imports ./a, which is no file of src/'],
    ['no such file', { 'model/b.ts': "import './gone.js'" }, 'model/b.ts: imports ./gone.js, which is no file of src/'],
    ['an unknown folder', { 'misc/b.ts': '' }, 'misc/b.ts: lies in no known folder'],
    [
      'a cycle of types',
      { 'model/b.ts': "import type { C } from './c.js'", 'model/c.ts': "import type { B } from './b.js'" },
      'cycle: model/b.ts -> model/c.ts -> model/b.ts',
    ],
    ['a file that imports itself', { 'model/b.ts': "import './b.js'" }, 'cycle: model/b.ts -> model/b.ts'],
  ])('%s', (_name, files: Readonly<Record<string, string>>, expected) => {
    expect(planted(files)).toContain(expected)
  })
})
