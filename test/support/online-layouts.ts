// The files of an online way in the layouts that people have, read back as their tools read them.
import { onlineFiles, type OnlineFiles } from '../../src/commands/create/online-files.js'
import type { WrittenMigration } from '../../src/impact/online/online-migration.js'
import type { LayoutName } from '../../src/model/migration.js'
import type { SourceFile } from '../../src/model/source.js'
import { toolNamed } from '../../src/tools/tools.js'
import { databaseConfig } from './migrations.js'

const oneFile =
  (up: string, down: string) =>
  (name: string): Readonly<Record<string, string>> => ({ [`${name}.sql`]: `${up}\nSELECT 1;\n${down}\nSELECT 1;\n` })

/** The files of a migration by layout. */
export const LAYOUTS: Readonly<Record<LayoutName, (name: string) => Readonly<Record<string, string>>>> = {
  goose: oneFile('-- +goose Up', '-- +goose Down'),
  pairs: (name) => ({ [`${name}.up.sql`]: 'SELECT 1;\n', [`${name}.down.sql`]: 'SELECT 1;\n' }),
  'sql-migrate': oneFile('-- +migrate Up', '-- +migrate Down'),
  dbmate: oneFile('-- migrate:up', '-- migrate:down'),
  directories: (name) => ({ [`${name}/up.sql`]: 'SELECT 1;\n', [`${name}/down.sql`]: 'SELECT 1;\n' }),
}

/** A folder of these migrations (`00001_a`), of which `name` is the one whose way is written. */
export function filesIn(
  layout: LayoutName,
  way: readonly WrittenMigration[],
  { names, name, now = 0 }: { readonly names: readonly string[]; readonly name: string; readonly now?: number },
): OnlineFiles | undefined {
  const tool = toolNamed(layout)
  const texts = names.flatMap((one) => Object.entries(LAYOUTS[layout]?.(one) ?? {}))
  const files = texts.map(([path, text]): SourceFile => {
    const bytes = new TextEncoder().encode(text)
    return { path: `db/${path}`, name: path, text, unreadable: undefined, bytes }
  })
  const { migrations } = tool.files.read(files, { kind: 'schema', config: databaseConfig, environment: {} })
  const migration = migrations.find(({ id }) => id === name)
  if (migration === undefined) throw new Error(`${layout} reads no ${name}`)
  return onlineFiles({
    neighbours: { tool, migrations, files },
    migration,
    way,
    config: databaseConfig,
    others: [],
    place: 'directly behind',
    now,
  })
}
