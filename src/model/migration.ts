// A migration, independent of the tool whose files hold it.
import type { Place } from './source.js'

/** The name of a layout, as `layout` in the config and in reports. tools/tools.ts has the list. */
export type LayoutName = string

export type Direction = 'up' | 'down'

/**
 * How a script reaches the server:
 * - `wrapped`: the tool opens one transaction around all messages and its history row;
 * - `message`: the tool opens none, but each message of several statements is one implicit transaction;
 * - `none`: each message is sent on its own and commits on its own.
 */
export type TransactionMode = 'wrapped' | 'message' | 'none'

/**
 * The text that the tool sends to the server at once. `lines[i]` is the line of the file for line `i` (from 0) of `text`;
 * `column` is the start of the first one.
 */
export type Message = { readonly text: string; readonly lines: readonly number[]; readonly column: number }

/**
 * The SQL of one direction. `marker` is the line that begins it, in a file that holds both directions. `checksum` is the
 * SHA-256 (hex) of the messages' text. `sha384` is the SHA-384 (hex) of the
 * file's bytes, where a tool that reads such files keeps it (sqlx).
 */
export type Script = {
  readonly file: string
  readonly marker?: number | undefined
  readonly transaction: TransactionMode
  readonly messages: readonly Message[]
  readonly checksum: string
  readonly sha384?: string
}

/** SQL that no file has, with a message for each text. Failures point to the first line of `file`. */
export const ownScript = (
  file: string,
  texts: readonly string[],
  transaction: TransactionMode = 'wrapped',
): Script => ({
  file,
  transaction,
  checksum: '',
  messages: texts.map((text) => ({ text, lines: text.split('\n').map(() => 1), column: 1 })),
})

/** Declared in the file (or the config): this migration cannot be rolled back, on purpose. */
export type Irreversible = { readonly reason: string; readonly place: Place | undefined }

/** Why the tool refuses to read the file of a migration: its script is broken, not missing. */
export type Refusal = { readonly message: string; readonly place: Place | undefined }

/** A seed in JavaScript or TypeScript that exports `up` and `down`. `checksum` is the SHA-256 (hex) of the file. */
export type SeedModule = { readonly file: string; readonly checksum: string }

/**
 * One step of a chain. `version` is the text by which the tool identifies it, as written in the file name (`00004`). `id`
 * is its name for people (`00004_add_source`). `up` is missing for a down file without an up; `down` when there is none.
 * `code` names the file of a migration written in a programming language, and `codeText` is what is in it. Such a migration
 * cannot run here unless it is a `module`, and has neither `up` nor `down`. `repeat: 'on change'`: the tool runs it after all that have a version, and
 * again when its text changes (Flyway's `R__`). Its `version` is empty and it has no down.
 */
export type Migration = {
  readonly id: string
  readonly version: string
  readonly name: string
  readonly kind: 'schema' | 'seed'
  readonly up: Script | undefined
  readonly down: Script | undefined
  readonly code: string | undefined
  readonly codeText?: string
  readonly module?: SeedModule | undefined
  readonly irreversible: Irreversible | undefined
  readonly refused?: Refusal | undefined
  readonly repeat?: 'on change' | undefined
}

/** The migrations with a version, which have a place in the order and can have a down. */
export const versionedOf = <M extends Pick<Migration, 'repeat'>>(migrations: readonly M[]): readonly M[] =>
  migrations.some(({ repeat }) => repeat !== undefined)
    ? migrations.filter(({ repeat }) => repeat === undefined)
    : migrations

/** Every file of the migration, once: the up first, then the down, or the code. */
export const filesOf = ({
  up,
  down,
  code,
  module,
}: Pick<Migration, 'up' | 'down' | 'code' | 'module'>): readonly string[] => [
  ...new Set([up?.file, down?.file, code, module?.file].filter((file) => file !== undefined)),
]

/** SQL substitutes by version: the scripts (up, and down if there is one) that run in place of a code migration. */
export type SqlSubstitutes = ReadonlyMap<string, Pick<Migration, 'up' | 'down'>>

/** The migration with the scripts that replace its code; unchanged if there are none, or if it is SQL. */
export function withSubstitute(migration: Migration, standIns: SqlSubstitutes): Migration {
  const instead = migration.code === undefined ? undefined : standIns.get(migration.version)
  return instead === undefined ? migration : { ...migration, ...instead }
}

/** With more migrations than this, a folder without a single down is one fact, not one for each migration. */
const MANY = 5

/** Whether the folder has no downs by convention: a missing down of each migration is then not a finding. */
export function isUpOnly(migrations: readonly Pick<Migration, 'down' | 'repeat'>[]): boolean {
  const versioned = versionedOf(migrations)
  return versioned.length > MANY && versioned.every(({ down }) => down === undefined)
}
