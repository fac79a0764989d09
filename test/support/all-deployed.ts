// A production of one database whose migrations are all deployed, for tests that roll them back.
import { expect } from '@jest/globals'
import { pairOf, type Production, type productionsForTests } from './production.js'

export const CHAIN = {
  ...pairOf('core_db', '00001', 'CREATE TABLE users (id int PRIMARY KEY);', 'DROP TABLE users;'),
  ...pairOf('core_db', '00002', 'ALTER TABLE users ADD COLUMN phone text;', 'ALTER TABLE users DROP COLUMN phone;'),
  ...pairOf('core_db', '00003', 'CREATE TABLE logs AS SELECT 1 AS id;', 'DROP TABLE logs;'),
}

/** Makes it: all deployed as production, so that the record knows every down. */
export const allDeployedBy =
  (makeProduction: ReturnType<typeof productionsForTests>) =>
  async (files: Readonly<Record<string, string>> = CHAIN): Promise<Production> => {
    const at = await makeProduction(files)
    expect(await at.deploy()).toMatchObject({ verdict: 'pass' })
    return at
  }

export const query = async (at: Production, sql: string) => at.databases['core_db']?.query(sql)
