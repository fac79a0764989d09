// What V8 compiled of a script is kept and used by the next process. Processes of their own: a cache is written at the end.
import { afterEach, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { makeFolder, type Folder } from './folder.js'

const NAME = 'caches/pg-migration-gate-compiled'
const SOURCES = ['host/compiled', 'core/account-cache'] as const

/** The loader as JavaScript, a script for it to load, and a cache folder. */
function loader(script: string): Folder {
  const compiled = SOURCES.map((name) => {
    const source = readFileSync(path.resolve(import.meta.dirname, `../../src/${name}.ts`), 'utf8')
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
    return [`${name}.js`, ts.transpileModule(source, { compilerOptions }).outputText] as const
  })
  const folder = makeFolder({
    ...Object.fromEntries(compiled),
    'package.json': '{ "type": "module" }\n',
    'caches/.keep': '',
    'script.cjs': script,
    'run.js': `import { loadCompiled } from './host/compiled.js'
      process.stdout.write(String(loadCompiled(import.meta.dirname + '/script.cjs', process.env).answer()))\n`,
  })
  folders.push(folder)
  return folder
}

const folders: Folder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

function run(folder: Folder, environment: Readonly<Record<string, string>> = {}): string {
  const { stdout, stderr } = spawnSync(process.execPath, [folder.at('run.js')], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], XDG_CACHE_HOME: folder.at('caches'), ...environment },
  })
  expect(stderr).toBe('')
  return stdout
}

const script = (answer: string): string => `exports.answer = () => ${answer}\n`

test('kept by the first run in a folder of the account alone, used by the second', () => {
  const folder = loader(script("require('node:path').basename(__filename)"))
  expect(run(folder)).toBe('script.cjs')
  const [file = ''] = readdirSync(folder.at(NAME))
  expect([statSync(folder.at(NAME)).mode & 0o777, statSync(folder.at(`${NAME}/${file}`)).mode & 0o777]).toEqual([
    0o700, 0o600,
  ])
  const made = statSync(folder.at(`${NAME}/${file}`)).ino
  expect(run(folder)).toBe('script.cjs')
  expect(readdirSync(folder.at(NAME))).toEqual([file])
  // Refused by the engine, it would have been written anew.
  expect(statSync(folder.at(`${NAME}/${file}`)).ino).toBe(made)
})

test('another script of the same length is another script', () => {
  const folder = loader(script('1'))
  expect(run(folder)).toBe('1')
  writeFileSync(folder.at('script.cjs'), script('2'))
  expect(run(folder)).toBe('2')
})

test('what cannot be used is made anew', () => {
  const folder = loader(script('1'))
  run(folder)
  const [file = ''] = readdirSync(folder.at(NAME))
  const good = readFileSync(folder.at(`${NAME}/${file}`))
  const broken = Buffer.from(good)
  broken[200] = 255 - (good[200] ?? 0)
  for (const content of ['', 'nothing of an engine', broken]) {
    writeFileSync(folder.at(`${NAME}/${file}`), content)
    expect(run(folder)).toBe('1')
    const anew = readFileSync(folder.at(`${NAME}/${file}`))
    expect([anew.length > 200, anew.equals(broken)]).toEqual([true, false])
  }
})

test('what no run made for a long time goes', () => {
  const folder = loader(script('1'))
  run(folder)
  const [old = ''] = readdirSync(folder.at(NAME))
  utimesSync(folder.at(`${NAME}/${old}`), 1, 1)
  writeFileSync(folder.at('script.cjs'), script('2'))
  run(folder)
  expect(readdirSync(folder.at(NAME))).toHaveLength(1)
  expect(readdirSync(folder.at(NAME))).not.toContain(old)
})

const NOTHING = {}

test.each<[string, (folder: Folder) => Readonly<Record<string, string>>]>([
  [
    'in a folder where others may write',
    (folder) => {
      chmodSync(folder.at('caches'), 0o777)
      return NOTHING
    },
  ],
  ['where Node is told to keep nothing', () => ({ NODE_DISABLE_COMPILE_CACHE: '1' })],
  [
    'where there is no folder',
    (folder) => {
      rmSync(folder.at('caches'), { recursive: true })
      writeFileSync(folder.at('caches'), '')
      return NOTHING
    },
  ],
])('nothing is kept %s', (_where, prepare) => {
  const folder = loader(script('1'))
  const environment = prepare(folder)
  expect([run(folder, environment), run(folder, environment)]).toEqual(['1', '1'])
  expect(existsSync(folder.at(NAME)) ? readdirSync(folder.at(NAME)) : []).toEqual([])
})
