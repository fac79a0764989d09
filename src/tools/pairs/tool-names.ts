// What each tool of such files does with the name of a file. Every tool has its own rule.
import type { HistoryKind } from '../../model/config.js'
import type { Direction } from '../../model/migration.js'
import type { NameReading } from '../../state/history.js'

const MOST = 9223372036854775807n
/** golang-migrate reads a uint64, and stops at (or hangs on) what its table cannot hold. */
const MOST_UNSIGNED = 18446744073709551615n

/** source/parse.go of golang-migrate v4.20.1: any ending, and the last `.up.` or `.down.` counts. */
export function golangMigrateReads(name: string): NameReading {
  const [, version, , direction] = /^([0-9]+)_(.*)\.(down|up)\.(.*)$/.exec(name) ?? []
  if (version === undefined || BigInt(version) > MOST_UNSIGNED) return 'passes over'
  if (BigInt(version) > MOST) return 'refuses'
  return direction === 'down' ? 'down' : 'up'
}

/** sqlx-core/src/migrate/source.rs of sqlx v0.9: what is in front of the first `_` must be an i64; any other ending is an up. */
export function sqlxReads(name: string): NameReading {
  const at = name.indexOf('_')
  if (at === -1 || !name.slice(at + 1).endsWith('.sql')) return 'passes over'
  const version = name.slice(0, at)
  if (!/^[+-]?[0-9]+$/.test(version)) return 'refuses'
  const number = BigInt(version.replace('+', ''))
  if (number > MOST || number < -MOST - 1n) return 'refuses'
  return name.slice(at + 1).endsWith('.down.sql') ? 'down' : 'up'
}

/** node-pg-migrate v9.0.0: hidden files aside, each file needs a number in front and an ending that it can load. */
export function nodePgMigrateReads(name: string): NameReading {
  if (name.startsWith('.')) return 'passes over'
  if (!/^[0-9]/.test(name) || !/\.sql$/i.test(name)) return 'refuses'
  return /\.down\.sql$/i.test(name) ? 'down' : 'up'
}

/** In place of a tool, for seeds: no tool reads them. */
export const SEEDS: HistoryKind = 'seeds'

/** The rule of the tool that keeps this history; undefined for tools that do not read such files by name. */
export function readingBy(kind: HistoryKind | undefined): ((name: string) => NameReading) | undefined {
  switch (kind) {
    case 'golang-migrate':
      return golangMigrateReads
    case 'sqlx':
      return sqlxReads
    case 'node-pg-migrate':
      return nodePgMigrateReads
    default:
      return undefined
  }
}

export const isDirection = (reading: NameReading): reading is Direction => reading === 'up' || reading === 'down'
