// What every tool offers: files in, migrations out. Pure.
import type { DatabaseConfig } from '../model/config.js'
import type { Migration } from '../model/migration.js'
import type { Problem } from '../model/finding.js'
import type { Ignored } from '../report/check-report.js'
import type { SourceFile } from '../model/source.js'

/** All that the tool reads from a folder, in the order in which it would apply it. */
export type Stream = {
  readonly migrations: readonly Migration[]
  readonly ignored: readonly Ignored[]
  readonly problems: readonly Problem[]
}

/** `environment` holds the variables that a file may refer to (goose ENVSUB). */
export type ReadOptions = {
  readonly kind: 'schema' | 'seed'
  readonly config: Pick<DatabaseConfig, 'transaction' | 'irreversible' | 'naming'>
  readonly environment: Readonly<Record<string, string | undefined>>
}

export type ToolFiles = {
  /** How many of these files are migrations in this layout, and a sentence that gives the evidence. */
  readonly recognise: (files: readonly SourceFile[]) => { readonly migrations: number; readonly reason: string }
  readonly read: (files: readonly SourceFile[], options: ReadOptions) => Stream
  /** Drops listed files that are not migrations to the tool. Left out: all of them count. */
  readonly select?: (files: readonly SourceFile[]) => readonly SourceFile[]
}
