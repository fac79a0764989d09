// The samples of output in docs/deploy.md, rollback.md and restore.md: what the real program prints for the same commands.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { compileProgram } from '../entry/program.js'
import { openOutsideServer, type OutsideServer } from '../support/outside.js'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** What differs from run to run, each with a word for it. */
const VARIES: readonly (readonly [RegExp, string])[] = [
  [/\S*migration-gate-backups\/core_db_\w+\.dump/g, 'ARCHIVE'],
  [/core_db_(before|restore)_\d{17}/g, 'core_db_$1_TIME'],
  [/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'DATE'],
  [/\bPlan [0-9a-f]{8}\b/g, 'Plan DIGEST'],
  [/core_db at \S+ \(system \d+\)/g, 'core_db at ADDRESS'],
  [/\b[\d.]+ (?:ms|s)\b/g, 'DURATION'],
  [/\b[\d.]+ kB\b/g, 'SIZE'],
  // The length of a path decides where a line is wrapped.
  [/\s+/g, ' '],
]

const steady = (text: string): string =>
  VARIES.reduce((changed, [pattern, word]) => changed.replaceAll(pattern, word), text)

/** A sample of a page, and the commands in the block before it. */
type Sample = { readonly commands: string; readonly shown: string }

function samplesOf(page: string): readonly Sample[] {
  const blocks = [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
  return blocks.flatMap(([, language, shown = ''], at) => {
    const [, before, commands = ''] = blocks[at - 1] ?? []
    return language === 'text' && before === 'sh' ? [{ commands, shown }] : []
  })
}

let server: OutsideServer
let folder: Folder

beforeAll(async () => {
  const program = compileProgram()
  server = await openOutsideServer()
  folder = makeFolder({ 'bin/pg-migration-gate': `#!/bin/sh\nexec node '${program.file('entry/cli')}' "$@"\n` })
  chmodSync(folder.at('bin/pg-migration-gate'), 0o755)
  cpSync(path.join(ROOT, 'migrations/core_db'), folder.at('migrations/core_db'), {
    recursive: true,
    filter: (name) => !/seeds|0000[5-9]/.test(name),
  })
  await server.create('core_db')
}, 120_000)

afterAll(async () => {
  folder.remove()
  await server.close()
})

/** Digests and archives of this run take the place of those on the page. */
function run(commands: string): string {
  const digest = (): string => /"digest": "(\w{8})/.exec(readFileSync(folder.at('plan.json'), 'utf8'))?.[1] ?? ''
  const newest = (): string =>
    readdirSync(folder.at('migration-gate-backups')).findLast((name) => name.endsWith('.dump')) ?? ''
  const ours = commands
    .replace(/--digest \w+/, () => `--digest ${digest()}`)
    .replace(/core_db_\w+\.dump/, () => newest())
  const { stdout, stderr } = spawnSync('bash', ['-c', ours], {
    cwd: folder.path,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...server.environment,
      APP_ENV: '',
      NODE_OPTIONS: '',
      CORE_DB_DSN: server.url('core_db'),
      PATH: `${folder.at('bin')}:${process.env['PATH'] ?? ''}`,
    },
  })
  return `${stdout}${stderr}`
}

/** Each part of a sample between lines of three dots is printed, in this order. */
function expectShown({ commands, shown }: Sample): void {
  const said = steady(run(commands))
  let rest = said
  for (const part of shown.split(/^ *\.\.\.$/m).map((one) => steady(one).trim())) {
    expect(rest).toContain(part)
    rest = rest.slice(rest.indexOf(part) + part.length)
  }
}

const deploy = (): void => {
  run('pg-migration-gate plan --environment production --output json=plan.json')
  expect(run('pg-migration-gate deploy --environment production --plan plan.json --digest x')).toContain(
    '\nPASS  1 step done',
  )
}

test('the pages show what is printed', async () => {
  const rows = (sql: string) => server.rows('core_db', `${sql}; ANALYZE users`)
  run('pg-migration-gate up --to 00003')
  await rows("INSERT INTO users (email, password_hash) SELECT i || '@example.com', 'x' FROM generate_series(1, 120) i")
  const [plan, ...more] = samplesOf('docs/deploy.md')
  const rollbacks = samplesOf('docs/rollback.md')
  const restores = samplesOf('docs/restore.md')
  expect([more.length, rollbacks.length, restores.length]).toEqual([0, 2, 1])
  if (plan !== undefined) expectShown(plan)
  deploy()
  await rows("UPDATE users SET phone_number = '+4912345678' WHERE ctid IN (SELECT ctid FROM users LIMIT 43)")
  rollbacks.forEach(expectShown)
  deploy()
  await rows("INSERT INTO users (email, password_hash) VALUES ('new@example.com', 'x')")
  restores.forEach(expectShown)
}, 120_000)
