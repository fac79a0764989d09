// `create` by the real program: its words, its exit codes, and what it prints.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { compileProgram, type Ended, type Program } from './program.js'

describe('create', () => {
  let program: Program
  let folder: Folder
  beforeAll(() => {
    program = compileProgram()
    folder = makeFolder({
      'migrations/core_db/00001_users.up.sql': 'CREATE TABLE users (id int);\n',
      'migrations/core_db/00001_users.down.sql': 'DROP TABLE users;\n',
      'up.sql': 'ALTER TABLE users ADD COLUMN phone text;\n',
      'rows.sql': 'DELETE FROM users;\n',
    })
  })
  afterAll(() => {
    folder.remove()
  })
  const run = (...words: readonly string[]): Promise<Ended> =>
    program.run({ entry: 'cli', words: ['create', ...words], cwd: folder.path })

  test('the name may be several words', async () => {
    expect(await run('core_db', 'Add', 'Fax')).toEqual({
      code: 0,
      out: 'created   migrations/core_db/00002_add_fax.up.sql\ncreated   migrations/core_db/00002_add_fax.down.sql\n',
      err: '',
    })
    expect(readFileSync(folder.at('migrations/core_db/00002_add_fax.up.sql'), 'utf8')).toBe(
      '-- 00002_add_fax, up: what changes, and why.\n',
    )
  })

  test('a derived down is written, and what it drops is said', async () => {
    const { code, out } = await run('core_db', 'phone', '--from-sql', 'up.sql')
    expect([code, out]).toEqual([
      0,
      [
        'created   migrations/core_db/00003_phone.up.sql',
        'created   migrations/core_db/00003_phone.down.sql',
        'derived   the down has 1 statement; proved: up, down and up again restore the schema',
        'drops     what the column public.users.phone holds',
        '',
      ].join('\n'),
    ])
    expect(readFileSync(folder.at('migrations/core_db/00003_phone.down.sql'), 'utf8')).toMatch(
      /^-- 00003_phone, down: derived .*\n-- It drops what the column public\.users\.phone holds\.\nALTER TABLE public\.users DROP COLUMN phone;\n$/,
    )
  })

  test('none that is right: exit code 1', async () => {
    const { code, out } = await run('core_db', 'clear', '--from-sql', 'rows.sql')
    expect(code).toBe(1)
    expect(out).toContain('no down   The up changes only rows.\n')
  })

  test.each([
    [['core_db'], "missing required argument 'name'"],
    [['nope', 'x'], 'there is no database "nope"'],
    [['core_db', 'x', '--format', 'json'], "unknown option '--format'"],
    [['core_db', 'x', '--postgres', 'new'], '--postgres is "new"'],
  ])('%j is wrong use', async (words, message) => {
    const { code, out, err } = await run(...words)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
  })

  test('its help names its own options', async () => {
    const { code, out } = await run('--help')
    expect(code).toBe(0)
    for (const word of ['<database> <name...>', '--seed', '--from-sql <file>', '--server <url>'])
      expect(out).toContain(word)
    expect(out).not.toContain('--unit')
  })
})
