import { afterEach, expect, test } from '@jest/globals'
import { check } from '../../src/commands/check/check.js'
import { foreignTool } from '../../src/tools/markers.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { checkRequest } from '../support/check.js'
import { worldIn } from '../support/live.js'

const folders: Folder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

const FILES: Readonly<Record<string, string>> = {
  'node-pg-migrate': '-- Up Migration\nCREATE TABLE a (id int);\n-- Down Migration\nDROP TABLE a;\n',
  tern: 'CREATE TABLE a (id int);\n\n---- create above / drop below ----\n\nDROP TABLE a;\n',
  rambler: '-- rambler up\nCREATE TABLE a (id int);\n-- rambler down\nDROP TABLE a;\n',
  micrate: '-- +micrate Up\nCREATE TABLE a (id int);\n-- +micrate Down\nDROP TABLE a;\n',
  'MyBatis Migrations': '-- // first\nCREATE TABLE a (id int);\n-- //@UNDO\nDROP TABLE a;\n',
  'Play evolutions': '# --- !Ups\nCREATE TABLE a (id int);\n# --- !Downs\nDROP TABLE a;\n',
}

test.each(Object.entries(FILES))(
  'names %s as the tool of its files, and does not run them as one script',
  async (tool, text) => {
    expect(foreignTool(text)).toBe(tool)
    const folder = makeFolder({ 'migrations/00001_a.sql': text, 'migrations/00002_b.sql': text })
    folders.push(folder)
    await expect(check(checkRequest(), worldIn(folder.path, {}))).rejects.toMatchObject({
      kind: 'use',
      message: expect.stringContaining(`they are those of ${tool}, `),
    })
  },
)

test('a comment about such things is none of it', () => {
  for (const text of [
    '-- sets up migration of users\nSELECT 1;',
    '-- the rambler goes up\nSELECT 1;',
    '-- undo\nSELECT 1;',
  ]) {
    expect(foreignTool(text)).toBeUndefined()
  }
})
