// Odd file names: what each tool does with them, and that we know it. The tables are held against the real programs.
import { spawnSync } from 'node:child_process'
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { dbmate } from '../../src/tools/dbmate/tool.js'
import { directories } from '../../src/tools/directories/tool.js'
import { goose } from '../../src/tools/goose/tool.js'
import { pairs } from '../../src/tools/pairs/tool.js'
import { sqlMigrate } from '../../src/tools/sql-migrate/tool.js'
import { findings } from '../rules/input.js'
import { testServer, type Database } from './history-database.js'
import { ourAnswer, proposedName, type Answer, type Reader } from './names/answers.js'
import { FOLDERS } from './names/folders.js'
import { ONE_FILE } from './names/one-file.js'
import { PAIRS } from './names/pairs.js'
import { isInstalled, run, sqlMigrateRun, type Said } from './real-tools.js'

const server = testServer()
afterAll(() => server.close())

type Row = readonly [name: string, answer: Answer]

/** `up` runs all that the tool reads in a folder, in both directions where it has a file for each. */
type Program = Reader & {
  readonly program: string
  readonly rows: readonly Row[]
  readonly section: (sql: string) => string
  readonly up?: (folder: string, database: Database) => Said
}

const column = (rows: readonly (readonly [string, readonly Answer[]])[], at: number): readonly Row[] =>
  rows.map(([name, answers]) => [name, answers[at] ?? 'ignores'])

const marked = (up: string, down: string) => (sql: string) => `${up}\n${sql}\n${down}\nSELECT 1;\n`
const gooseText = marked('-- +goose Up', '-- +goose Down')
const sqlMigrateText = marked('-- +migrate Up', '-- +migrate Down')
const dbmateText = marked('-- migrate:up', '-- migrate:down')
const plain = (sql: string): string => `${sql}\n`

const PROGRAMS: readonly Program[] = [
  {
    program: 'goose',
    layout: goose,
    neighbour: '00001_a.sql',
    text: gooseText('SELECT 1;'),
    section: gooseText,
    rows: column(ONE_FILE, 0),
    up: (folder, { url }) => run(folder, 'goose', ['postgres', url, 'up']),
  },
  {
    program: 'sql-migrate',
    layout: sqlMigrate,
    neighbour: '00001_a.sql',
    text: sqlMigrateText('SELECT 1;'),
    section: sqlMigrateText,
    rows: column(ONE_FILE, 1),
    up: (folder, database) => sqlMigrateRun(folder, database, ['up']),
  },
  {
    program: 'dbmate',
    layout: dbmate,
    neighbour: '00001_a.sql',
    text: dbmateText('SELECT 1;'),
    section: dbmateText,
    rows: column(ONE_FILE, 2),
    up: (folder, { url }) => run(folder, 'dbmate', ['-u', url, '-d', '.', '--no-dump-schema', 'migrate']),
  },
  {
    program: 'migrate',
    kind: 'golang-migrate',
    layout: pairs,
    neighbour: '00001_a.up.sql',
    text: 'SELECT 1;',
    section: plain,
    rows: column(PAIRS, 0),
    up: (folder, { url }) => {
      const up = run(folder, 'migrate', ['-path', '.', '-database', url, 'up'])
      return up.code === 0 ? run(folder, 'migrate', ['-path', '.', '-database', url, 'down', '-all']) : up
    },
  },
  {
    program: 'sqlx',
    kind: 'sqlx',
    layout: pairs,
    neighbour: '00001_a.up.sql',
    text: 'SELECT 1;',
    section: plain,
    rows: column(PAIRS, 1),
  },
  {
    program: 'node-pg-migrate',
    kind: 'node-pg-migrate',
    layout: pairs,
    neighbour: '00001_a.up.sql',
    text: 'SELECT 1;',
    section: plain,
    rows: column(PAIRS, 2),
  },
  {
    program: 'diesel',
    layout: directories,
    neighbour: '00001_a/up.sql',
    text: 'SELECT 1;',
    section: plain,
    rows: FOLDERS,
  },
]

/** The table that the file of a row makes. */
const tableOf = (rows: readonly Row[], name: string): string => `made_${rows.findIndex((row) => row[0] === name)}`

/** A new folder of the database with the neighbour and these files, each of which makes its table. */
function folderWith({ folder }: Database, program: Program, names: readonly string[]): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  writeFileSync(path.join(folder, program.neighbour), program.text)
  for (const name of names) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true })
    if (name.endsWith('/')) mkdirSync(path.join(folder, name))
    else writeFileSync(path.join(folder, name), program.section(`CREATE TABLE ${tableOf(program.rows, name)} ();`))
  }
  return folder
}

const namesOf = ({ rows }: Program, wanted: (answer: Answer) => boolean): readonly string[] =>
  rows.flatMap(([name, answer]) => (wanted(answer) ? [name] : []))

const madeIn = async (database: Database): Promise<readonly string[]> =>
  (await database.rows("SELECT relname FROM pg_class WHERE relname LIKE 'made\\_%'")).map(([name]) => name ?? '')

/** node-pg-migrate as a library, in one process: `up` in each folder, and what became of it. */
function nodePgMigrate(folders: readonly string[], { url }: Database): readonly string[] {
  const found = spawnSync('sh', ['-c', 'command -v node-pg-migrate'], { encoding: 'utf8' }).stdout.trim()
  const script = `import { runner } from 'node-pg-migrate'
const said = []
for (const dir of ${JSON.stringify(folders)}) {
  await runner({ databaseUrl: ${JSON.stringify(url)}, dir, direction: 'up', migrationsTable: 'pgmigrations', checkOrder: false, log: () => undefined, logger: { debug() {}, info() {}, warn() {}, error() {} } })
    .then(() => said.push('ran'), () => said.push('refused'))
}
process.stdout.write(JSON.stringify(said))`
  const { stdout, stderr } = spawnSync('node', ['--input-type=module', '-e', script], {
    cwd: path.dirname(realpathSync(found)),
    encoding: 'utf8',
    timeout: 60_000,
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as readonly string[]
}

describe.each(PROGRAMS)('$program', (program) => {
  const { up } = program
  const name = (text: string): string => `${text} (needs: ${program.program})`
  const it = isInstalled(program.program) ? test : test.skip
  const quiet = namesOf(program, (answer) => answer !== 'refuses')
  const stopping = namesOf(program, (answer) => answer === 'refuses')
  const made = namesOf(program, (answer) => answer === 'runs').map((one) => tableOf(program.rows, one))

  test('we answer as it does', () => {
    expect(program.rows.length).toBeGreaterThanOrEqual(40)
    // A folder that is named like a file is an error of the rule `unreadable`, whatever the tool does.
    const files = program.rows.filter(([one]) => !one.endsWith('/'))
    expect(files.map(([one]) => [one, ourAnswer(program, one)])).toEqual(files)
  })

  test('it runs what we propose instead', () => {
    const wrong = program.rows.flatMap(([one]) => {
      const proposed = proposedName(program, one)
      return proposed === undefined || ourAnswer(program, proposed) === 'runs' ? [] : [`${one} -> ${proposed}`]
    })
    expect(wrong).toEqual([])
  })

  if (up !== undefined) {
    it(name('it runs these and no others'), async () => {
      const database = await server.open()
      try {
        expect(up(folderWith(database, program, quiet), database)).toMatchObject({ code: 0 })
        expect(new Set(await madeIn(database))).toEqual(new Set(made))
      } finally {
        await database.close()
      }
    })

    it(name('it refuses the folder for each of these'), async () => {
      const database = await server.open()
      try {
        const refused = stopping.filter((one) => up(folderWith(database, program, [one]), database).code !== 0)
        expect(refused).toEqual(stopping)
      } finally {
        await database.close()
      }
    })
  }

  if (program.program === 'node-pg-migrate') {
    it(name('it runs these, and refuses the folder for each of the others'), async () => {
      const database = await server.open()
      try {
        const all = folderWith(database, program, quiet)
        const others = stopping.map((one, i) =>
          folderWith({ ...database, folder: `${database.folder}_${i}` }, program, [one]),
        )
        expect(nodePgMigrate([all, ...others], database)).toEqual(['ran', ...others.map(() => 'refused')])
        expect(new Set(await madeIn(database))).toEqual(new Set(made))
      } finally {
        await database.close()
      }
    })
  }
})

test('where no tool is configured, what golang-migrate does not run, and what it runs unproved, is named', () => {
  const silent = PAIRS.filter(([name, [answer]]) => {
    if (answer === 'ignores' || name.endsWith('/')) return false
    const files = { '00001_a.up.sql': 'SELECT 1;', [name]: 'SELECT 1;' }
    const found = findings(files, { layout: 'pairs' }).filter(({ rule }) => NAMING.includes(rule))
    const isNamed = found.some(
      ({ place, message }) => place?.file.endsWith(`/${name}`) === true || message.includes(name),
    )
    const ours = ourAnswer({ layout: pairs, neighbour: '00001_a.up.sql', text: 'SELECT 1;' }, name)
    return !isNamed && (answer !== 'runs' || ours !== 'runs')
  })
  expect(silent.map(([name]) => name)).toEqual([])
})

const NAMING = ['file-name', 'never-runs', 'duplicate-version', 'unpaired']
