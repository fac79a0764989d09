// One chain that is spread over folders whose names are numbers.
import { describe, expect, test } from '@jest/globals'
import { check } from '../../../src/commands/check/check.js'
import { create } from '../../../src/commands/create/create.js'
import { versionInPath } from '../../../src/model/version.js'
import { databaseFolders } from '../../../src/tools/folders.js'
import { pairs } from '../../../src/tools/pairs/tool.js'
import { foldersForTests } from '../../adapters/host/folder.js'
import { checkRequest, createRequest, lent } from '../../support/check.js'
import { up } from '../../support/everyday.js'
import { serverForTests, upRequest, worldIn } from '../../support/live.js'
import { readFiles, sources } from '../sources.js'

const CHAIN = {
  '1/01_a.up.sql': 'CREATE TABLE a (id int);\n',
  '1/01_a.down.sql': 'DROP TABLE a;\n',
  '10/01_j.up.sql': 'CREATE INDEX j ON a (b);\n',
  '10/01_j.down.sql': 'DROP INDEX j;\n',
  '2/01_b.up.sql': 'ALTER TABLE a ADD COLUMN b int;\n',
  '2/01_b.down.sql': 'ALTER TABLE a DROP COLUMN b;\n',
  'LATEST.sql': 'CREATE TABLE a (id int, b int);\n',
}

const live = serverForTests()
const makeFolder = foldersForTests()

describe('numbered folders', () => {
  test('are one stream, in the order of the folders, and a file has its folder in its version', () => {
    const { migrations, problems, ignored } = readFiles(pairs, CHAIN)
    expect(migrations.map(({ id, version }) => [id, version])).toEqual([
      ['1/01_a', '1.01'],
      ['2/01_b', '2.01'],
      ['10/01_j', '10.01'],
    ])
    expect(problems).toEqual([])
    expect(ignored.map(({ path }) => path.split('/').at(-1))).toEqual(['LATEST.sql'])
    expect(pairs.files.recognise(sources(CHAIN)).reason).toContain(
      '6 of 7 .sql files are pairs N.N_name.up.sql / .down.sql',
    )
    expect(versionInPath('migrations/core_db/10/01_j.up.sql', 'migrations/core_db')).toBe('10.01')
  })

  test.each([
    [['db/0.2/00__a.sql', 'db/0.10/00__b.sql', 'db/LATEST.sql'], ['db']],
    [['db/v1/1_a.up.sql', 'db/v2/1_b.up.sql'], ['db']],
    [
      ['db/1/1_a.up.sql', 'db/other/1_b.up.sql'],
      ['db/1', 'db/other'],
    ],
    [['db/1/1_a.up.sql'], ['db/1']],
    [['db/1_a.up.sql', 'db/1/2_a.up.sql', 'db/2/3_a.up.sql'], ['db']],
    [['db/mysql/1/1_a.sql', 'db/mysql/2/1_b.sql', 'db/postgres/1/1_a.sql', 'db/postgres/2/1_b.sql'], ['db/postgres']],
  ])('%j are the databases %j', (paths, databases) => {
    expect(databaseFolders(paths, 'db').databases.map(({ folder }) => folder)).toEqual(databases)
  })

  test('are proved, not applied, and get no file of ours', async () => {
    const folder = makeFolder(
      Object.fromEntries(Object.entries(CHAIN).map(([name, text]) => [`migrations/core_db/${name}`, text])),
    )
    const database = await live.database()
    const world = worldIn(folder.path, { CORE_DB_DSN: database.dsn }, { server: lent(live.server) })
    const report = await check(checkRequest({ proof: 'guided' }), world)
    expect(report.databases[0]?.migrations.map(({ proof }) => proof?.down)).toEqual(['same', 'same', 'same'])
    await expect(up(upRequest(), world)).rejects.toMatchObject({
      kind: 'use',
      message: expect.stringContaining('one chain in numbered folders'),
    })
    const asked = createRequest({ database: 'core_db', name: 'x' })
    await expect(create(asked, world)).rejects.toMatchObject({
      fix: 'Write the file by hand, after 10/01_j.',
    })
  })
})
