// What somebody asks for, after all text was understood.
import type { Unit } from '../core/config.js'

/**
 * `paths` as they were given, relative to the repository root or absolute; empty: the conventional one. `databases`: empty
 * means all. `server` is a connection string and never printed. `unit` overrides what the config says.
 */
export type CheckRequest = {
  readonly command: 'check'
  readonly paths: readonly string[]
  readonly config: string | undefined
  readonly databases: readonly string[]
  readonly server: string | undefined
  readonly postgres: number | undefined
  readonly disposableServer: boolean
  readonly proof: 'guided' | 'full' | 'none'
  readonly unit: Unit | undefined
  readonly failOn: 'error' | 'warning'
}
