// The same chains written as each tool wants them.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeChain } from './chains.mjs'

export const DATABASES = ['core_db', 'kyc_db', 'rates_db', 'audit_db']

/** goose splits at semicolons, so what holds some inside is marked; the rest stays as a user would write it. */
const gooseStatements = (text) =>
  text
    .split(/;\n/)
    .filter((statement) => statement.trim() !== '')
    .map((statement) =>
      statement.includes('$body$')
        ? `-- +goose StatementBegin\n${statement};\n-- +goose StatementEnd\n`
        : `${statement};\n`,
    )
    .join('')

/** One script that replays up, down, up as psql would: a transaction for each migration. */
const replay = (chain) =>
  [...chain.map(({ up }) => up), ...chain.toReversed().map(({ down }) => down), ...chain.map(({ up }) => up)]
    .map((text) => `BEGIN;\n${text}COMMIT;\n`)
    .join('')

/** Writes `goose/<database>`, `pairs/<database>` and `psql/<database>.sql` below the folder; gives the chains by database. */
export async function writeChains({ folder, length, renames, seed }) {
  const chains = new Map()
  await mkdir(path.join(folder, 'psql'), { recursive: true })
  for (const [at, database] of DATABASES.entries()) {
    const chain = makeChain({ seed: seed + at, length, mix: 'bench', renames })
    chains.set(database, chain)
    for (const tool of ['goose', 'pairs']) await mkdir(path.join(folder, tool, database), { recursive: true })
    for (const { version, name, up, down } of chain) {
      const file = (tool, end) => path.join(folder, tool, database, `${version}_${name}${end}`)
      await writeFile(
        file('goose', '.sql'),
        `-- +goose Up\n${gooseStatements(up)}\n-- +goose Down\n${gooseStatements(down)}`,
      )
      await writeFile(file('pairs', '.up.sql'), up)
      await writeFile(file('pairs', '.down.sql'), down)
    }
    await writeFile(path.join(folder, 'psql', `${database}.sql`), replay(chain))
  }
  return chains
}
