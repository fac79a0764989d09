// The files of a proved online way: when they are written, and as an edit of lines.
import { describe, expect, test } from '@jest/globals'
import { RULES } from '../../../src/rules/index.js'
import { createFiles } from '../../../src/adapters/host/files.js'
import { wayEdit, writeWay } from '../../../src/commands/check/fix-online.js'
import { selectDatabases } from '../../../src/commands/shared/databases.js'
import { readDatabase, type ReadDatabase } from '../../../src/commands/shared/read-database.js'
import { readSettings } from '../../../src/config/settings.js'
import type { LineEdit, OnlineWay } from '../../../src/report/check-report.js'
import { foldersForTests } from '../../adapters/host/folder.js'
import { migration } from '../../render/reports.js'
import { NOTHING } from '../../support/nothing.js'

const folderOf = foldersForTests()

async function readFrom(files: Readonly<Record<string, string>>): Promise<ReadDatabase> {
  const world = { ...NOTHING, files: createFiles(folderOf(files).path) }
  const settings = await readSettings({ files: world.files, file: undefined, rules: RULES.map(({ id }) => id) })
  const { databases } = await selectDatabases({ files: world.files, settings, paths: ['db'], names: [] })
  const [database] = databases
  if (database === undefined) throw new Error('no database')
  return readDatabase(database, world)
}

const goose = (up: string, down = 'SELECT 1;'): string => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`

const FILES = { 'db/00001_a.sql': goose('SELECT 1;'), 'db/00002_b.sql': goose('SELECT 2;') }

const wayOf = (files: Readonly<Record<string, string>>, migrations: readonly string[]): OnlineWay => ({
  files: Object.entries(files).map(([path, text]) => ({ path, text })),
  migrations,
})

describe('the files of a way', () => {
  const two = { 'db/00002_b.sql': goose('SELECT 3;'), 'db/00003_c.sql': goose('SELECT 4;') }
  const written = async (
    way: OnlineWay,
    taken: readonly string[] = [],
  ): Promise<{ readonly problems: readonly (string | undefined)[]; readonly paths: readonly string[] }> => {
    const paths: string[] = []
    const { fixed } = await writeWay({
      read: await readFrom(FILES),
      id: '00002_b',
      way,
      environment: {},
      files: {
        kind: (path) => Promise.resolve(taken.includes(path) || path in FILES ? 'file' : undefined),
        write: (path) => {
          paths.push(path)
          return Promise.resolve()
        },
      },
    })
    return { problems: fixed.map(({ problem }) => problem), paths }
  }

  test('take the place of those of the migration', async () =>
    expect(await written(wayOf(two, ['00002_b', '00003_c']))).toEqual({
      problems: [undefined, undefined],
      paths: Object.keys(two),
    }))

  test.each([
    ['one of them exists', wayOf(two, ['00002_b', '00003_c']), ['db/00003_c.sql'], 'db/00003_c.sql already exists'],
    [
      'one of them is that of another migration',
      wayOf({ 'db/00001_a.sql': goose('SELECT 3;') }, ['00001_a']),
      [],
      'db/00001_a.sql already exists',
    ],
    [
      'the tool reads other migrations from them',
      wayOf({ ...two, 'db/00001_z.sql': goose('SELECT 5;') }, ['00002_b', '00003_c']),
      [],
      'the tool would not read these files as the migrations of the way',
    ],
  ])('are not written where %s', async (_, way, taken, problem) =>
    expect(await written(way, taken)).toEqual({ problems: [problem], paths: [] }),
  )
})

describe('a way of one file, as an edit of lines', () => {
  const edited = async (before: string, after: string): Promise<LineEdit | undefined> =>
    wayEdit(
      await readFrom({ ...FILES, 'db/00002_b.sql': before }),
      migration('00002_b', { online: wayOf({ 'db/00002_b.sql': after }, ['00002_b']) }),
    )

  test.each<[string, string, Omit<LineEdit, 'file'>]>([
    [goose('SELECT 1;'), goose('SELECT 2;'), { line: 2, text: 'SELECT 2;' }],
    [goose('a;\nb;'), goose('x;'), { from: 2, line: 3, text: 'x;' }],
    [goose('a;'), goose('a;\nb;'), { line: 2, text: 'a;\nb;' }],
    [
      goose('a;'),
      `-- +goose NO TRANSACTION\n${goose('a;')}`,
      { line: 1, text: '-- +goose NO TRANSACTION\n-- +goose Up' },
    ],
  ])('%j to %j', async (before, after, expected) => {
    const edit = await edited(before, after)
    expect(edit).toEqual({ file: 'db/00002_b.sql', ...expected })
    const lines = before.split('\n')
    const { from = expected.line, line, text } = expected
    expect([...lines.slice(0, from - 1), text, ...lines.slice(line)].join('\n')).toBe(after)
  })

  test.each([
    ['its lines have other ends', goose('a;').replaceAll('\n', '\r\n'), goose('b;')],
    ['its last line has none', goose('a;').trimEnd(), goose('b;')],
  ])('is none where %s', async (_, before, after) => expect(await edited(before, after)).toBeUndefined())
})
