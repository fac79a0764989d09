// The settings of a run, put together from conventions and the config file.
import type { PlacedWaiver } from './waiver.js'
import type { Level } from './finding.js'
import type { Window } from './deploy-windows.js'
import type { LayoutName, TransactionMode } from './migration.js'

/** The tool that keeps a history, as `history.kind` in the config. tools/histories.ts has the list. */
export type HistoryKind = string

/**
 * The unit of the round trip: each migration, groups of migrations split out of one change, or the whole chain only.
 */
export type Unit = 'each' | 'range' | 'chain'

/**
 * How the impact of migrations is watched and judged. `level`: its findings have no higher one, where `checks` says nothing of their
 * rule. `fixtures`: a folder with SQL files, whose rows are put in first. `fill`: which rows are made up. `timezone`: of the
 * sessions that are watched. `ignore`: patterns of relations about which nothing is found, in which `*` matches any text.
 */
export type ImpactSettings = {
  readonly level: Level | 'off'
  readonly fixtures: string | undefined
  readonly fill: 'full' | 'structure' | 'off'
  readonly timezone: string | undefined
  readonly ignore: readonly string[]
}

/** Those of a database: its own, then those of all. */
export const impactOf = (
  { impact }: Pick<Config, 'impact'>,
  { impact: own = {} }: Pick<DatabaseConfig, 'impact'>,
): ImpactSettings => ({ ...impact, ...own })

/** A database of the configuration. Paths are from the repository root; undefined means: detected from the files. */
export type DatabaseConfig = {
  readonly name: string
  readonly folder: string
  readonly layout: LayoutName | undefined
  /** Regular expression that every file name must match, instead of the layout's own convention. */
  readonly naming: string | undefined
  readonly history: { readonly kind: HistoryKind | undefined; readonly table: string | undefined }
  /** Name of the environment variable that holds the DSN, never the DSN. */
  readonly dsn: string
  readonly transaction: TransactionMode | undefined
  /** `reset`: no setting of one file reaches the next; `shared`: one session for all, as the tool does. */
  readonly session: 'reset' | 'shared'
  /** SQL files run before the chain, in this order. */
  readonly setup: readonly string[]
  /** SQL file that replaces a code migration, by version as written in the file name. Proof only. */
  readonly standIns: Readonly<Record<string, string>>
  /** Extensions that the server must have; a missing one is an environment problem. */
  readonly extensions: readonly string[]
  /** Reason by version: migrations that cannot be rolled back on purpose. */
  readonly irreversible: Readonly<Record<string, string>>
  readonly unit: Unit
  /** The record of this program in the target: with `off`, only the history table of the tool is there. */
  readonly journal: 'on' | 'off'
  /** Which command changes a production target: only `deploy`, or `up` as well. */
  readonly production: 'deploy' | 'up'
  /** Only what differs from the settings of all databases. */
  readonly impact?: Partial<ImpactSettings>
}

export type Config = {
  /** The config file's path, undefined when all settings come from conventions. */
  readonly file: string | undefined
  readonly databases: readonly DatabaseConfig[]
  /** Level by rule id, only where it differs from the rule's default. */
  readonly checks: Readonly<Record<string, Level | 'off'>>
  /** Accepted findings, with their place in the file. */
  readonly waivers: readonly PlacedWaiver[]
  /** For all databases. */
  readonly impact: ImpactSettings
  readonly maxFileBytes: number
  /** The cost of bcrypt with which seeds hash passwords: each step up doubles the work. */
  readonly seedCost: number
}

/** Settings for production. `order` names databases; `ignore` are patterns of units that are never compared. */
export type DeployRules = {
  readonly order: readonly string[]
  readonly windows: readonly Window[]
  readonly refs: 'protected' | 'any'
  readonly check: string | undefined
  readonly ignore: readonly string[]
  readonly retention: string | undefined
  readonly onFailure: 'stop' | 'offer'
}

/** `CORE_DB_DSN` for the database `core_db`. A variable cannot begin with a digit, so `_` goes before one. */
export function dsnVariable(name: string): string {
  const variable = `${name}_DSN`.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
  return /^[0-9]/.test(variable) ? `_${variable}` : variable
}
