// Runs the tests of every rule: test/rules/<kind>/<id>.ts, in one process, as a process for each costs more than its tests.
import { afterAll, expect, test } from '@jest/globals'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { RULES } from '../../src/rules/index.js'
import { closeSharedServer } from './server.js'

const FOLDERS = ['files', 'proof', 'impact', 'change', 'waivers']
const modules = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(import.meta.dirname, folder)).map((name) => `${folder}/${path.parse(name).name}`),
)
for (const name of modules) await import(`./${name}.js`)

afterAll(closeSharedServer)

test('each rule has its tests, in the folder of its source', () => {
  const sources = readdirSync(path.join(import.meta.dirname, '../../src/rules'), { recursive: true, encoding: 'utf8' })
  const wanted = RULES.map(({ id }) => sources.find((name) => name.endsWith(`/${id}.ts`))?.replace(/\.ts$/, '') ?? id)
  expect(wanted.filter((name) => !modules.includes(name))).toEqual([])
})
