// docs/adopt.md, line by line as a reader would type it, with the real tools on a real server.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { compileProgram, type Program } from '../entry/program.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { openOutsideServer, type OutsideServer } from '../support/outside.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const PAGE = readFileSync(path.join(ROOT, 'docs/adopt.md'), 'utf8')

/** Heading of a part -> the migrations that its reader has, and the programs. Parts in a list share one database. */
const SESSIONS = [
  { parts: ['goose'], files: 'examples/goose/core_db', needs: ['goose'] },
  { parts: ['golang-migrate'], files: 'migrations/core_db', needs: ['migrate'] },
  { parts: ['sql-migrate'], files: 'examples/sql-migrate/core_db', needs: ['sql-migrate'] },
  { parts: ['dbmate'], files: 'examples/dbmate/core_db', needs: ['dbmate'] },
  {
    parts: ['A database without a history', 'Stop using it'],
    files: 'migrations/core_db',
    needs: ['migrate', 'psql'],
  },
]

type Block = { readonly language: string; readonly lines: readonly string[] }

function blocksOf(part: string): readonly Block[] {
  const [, text = ''] = PAGE.split(`\n## ${part}\n`)
  const [own = ''] = text.split('\n## ')
  return [...own.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', body = '']) => ({
    language,
    lines: body.trimEnd().split('\n'),
  }))
}

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

test('every part of the page belongs to a session', () => {
  const headings = [...PAGE.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
  expect(headings).toEqual(SESSIONS.flatMap(({ parts }) => parts))
})

describe('what the page says', () => {
  let server: OutsideServer
  let program: Program
  const folders: Folder[] = []
  beforeAll(async () => {
    server = await openOutsideServer()
    program = compileProgram()
  }, 120_000)
  afterAll(async () => {
    for (const folder of folders) folder.remove()
    await server.close()
  })

  for (const { parts, files, needs } of SESSIONS) {
    const missing = needs.filter((name) => !has(name))
    const run = missing.length === 0 ? test : test.skip
    run(`${parts.join(', ')}${missing.length === 0 ? '' : ` (needs ${missing.join(' and ')})`}`, async () => {
      const folder = makeFolder({
        'bin/pg-migration-gate': `#!/bin/sh\nexec node '${program.file('entry/cli')}' "$@"\n`,
        'work/dbconfig.yml':
          'development:\n  dialect: postgres\n  datasource: ${CORE_DB_DSN}\n  dir: migrations/core_db\n',
      })
      folders.push(folder)
      chmodSync(folder.at('bin/pg-migration-gate'), 0o755)
      cpSync(path.join(ROOT, files), folder.at('work/migrations/core_db'), { recursive: true })
      await server.rows('postgres', 'DROP DATABASE IF EXISTS core_db WITH (FORCE)')
      await server.rows('postgres', 'CREATE DATABASE core_db')
      const environment = {
        ...process.env,
        CORE_DB_DSN: server.url('core_db'),
        APP_ENV: '',
        NODE_OPTIONS: '',
        PATH: `${folder.at('bin')}:${process.env['PATH'] ?? ''}`,
      }
      let said = ''
      let exported = ''
      for (const { language, lines } of parts.flatMap(blocksOf)) {
        if (language === 'text') {
          expect(said.trim()).toBe(lines.join('\n'))
          continue
        }
        for (const line of lines) {
          if (line.startsWith('export ')) exported += `${line}\n`
          const ended = spawnSync('bash', ['-e', '-c', `${exported}${line}`], {
            cwd: folder.at('work'),
            encoding: 'utf8',
            env: environment,
          })
          said = `${ended.stdout}${ended.stderr}`
          const fails = /# (?:refuses|fails)/.test(line)
          expect({ line, fails: ended.status !== 0, said }).toEqual({ line, fails, said })
        }
      }
    })
  }
})
