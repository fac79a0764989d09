// Which tool keeps a checksum of each applied file, and which edits it notices: to such a tool a comment is an edit.
import type { ChecksumKeeper } from '../model/change.js'
import type { DatabaseConfig } from '../model/config.js'
import type { LayoutName, Migration, Script } from '../model/migration.js'
import { isPrismas } from './directories/names.js'

const textOf = ({ messages }: Script): string => messages.map(({ text }) => text).join('')
const withoutBreaks = (script: Script): string => textOf(script).replaceAll(/\r\n|\r|\n/g, '')
const withLineFeeds = (script: Script): string => textOf(script).replaceAll('\r\n', '\n')

const REFUSES = 'and refuses to go on where it does not match'

/** SHA-384 of the bytes of the up (sqlx-core, src/migrate/migration.rs). */
const SQLX: ChecksumKeeper = {
  title: 'sqlx',
  words: REFUSES,
  sees: (now, before) => now.sha384 !== before.sha384,
}

/** CRC-32 of the lines without their line breaks (Flyway, LoadableResource.calculateChecksum). */
const FLYWAY: ChecksumKeeper = {
  title: 'Flyway',
  words: REFUSES,
  sees: (now, before) => withoutBreaks(now) !== withoutBreaks(before),
}

/** SipHash of name, version and text (refinery-core, src/runner.rs). */
const REFINERY: ChecksumKeeper = {
  title: 'refinery',
  words: REFUSES,
  sees: (now, before) => textOf(now) !== textOf(before),
}

/** SHA-256 of the text, with either line ends (prisma-engines, migration-connector/src/checksum.rs). */
const PRISMA: ChecksumKeeper = {
  title: 'Prisma',
  words: 'and prisma migrate dev wants to reset the database where it does not match',
  sees: (now, before) => withLineFeeds(now) !== withLineFeeds(before),
}

/** What a Rust project depends on, from the lines of its Cargo.toml. */
const DEPENDS = /^[ \t]*(?:\[[\w.-]*dependencies\.)?"?(sqlx|refinery)\b/m

/**
 * Undefined where no tool that reads such files keeps checksums, or where nothing shows that one of them does. `cargo` are
 * the texts of the Cargo.toml beside the folder and above it, the nearest first.
 */
export function checksumKeeper(options: {
  readonly layout: LayoutName
  readonly config: Pick<DatabaseConfig, 'history'>
  readonly migrations: readonly Migration[]
  readonly cargo: readonly string[]
}): ChecksumKeeper | undefined {
  const { layout, config, migrations, cargo } = options
  if (layout === 'directories') return isPrismas(migrations) ? PRISMA : undefined
  if (layout !== 'pairs') return undefined
  if (config.history.kind !== undefined) return config.history.kind === 'sqlx' ? SQLX : undefined
  const crate = cargo.map((text) => DEPENDS.exec(text)?.[1]).find((name) => name !== undefined)
  if (migrations.some(isLettered)) return crate === 'refinery' ? REFINERY : FLYWAY
  return crate === 'sqlx' || migrations.some(isMarkedForSqlx) ? SQLX : undefined
}

/** `V1__add_phone.sql`: a name that Flyway and refinery read, and no other tool. */
const isLettered = ({ up }: Migration): boolean => /(?:^|\/)V\d[\d._]*__[^/]*\.sql$/.test(up?.file ?? '')

/** Only sqlx reads this as the beginning of a file (sqlx-core, src/migrate/source.rs). */
const isMarkedForSqlx = ({ up }: Migration): boolean => up?.messages[0]?.text.startsWith('-- no-transaction') === true
