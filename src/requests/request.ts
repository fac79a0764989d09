// The request of a user, after all text was parsed.
import type { BackupOptions } from '../release/backup.js'
import type { Unit } from '../model/config.js'

/**
 * `paths`: as given, relative to the repository root or absolute; empty: the default one. `databases`: empty means all.
 * `server`: a connection string, never printed. `unit` overrides the config.
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
  /** The migrations of a change are watched on a database with rows and clients; with `measured`, online ways are proved too. */
  readonly impact: 'measured' | 'facts' | 'none'
  readonly unit: Unit | undefined
  readonly failOn: 'error' | 'warning'
  /** Undefined: the event that started the run decides. */
  readonly against: Against | undefined
  /** `changed`: proves only the migrations that the change touches, and all after them. Undefined: as in the config. */
  readonly scope: 'changed' | 'all' | undefined
  /** The findings of this run become the list of known findings. */
  readonly updateDebt: boolean
  /** Writes proved repairs to the files. */
  readonly fix: boolean
}

/**
 * What the files are compared with. `look`: nothing was asked for, so what is not merged yet is watched. `asked`: the name of a branch, tag or commit. `release`: a pattern of tags. For a
 * pull request, `base` is the newest commit of `branch` that the event knows. `head` is its own newest commit. `fork`:
 * it comes from another repository.
 */
export type Against =
  | { readonly event: 'nothing'; readonly look?: 'unmerged' }
  | { readonly event: 'asked'; readonly name: string }
  | { readonly event: 'release'; readonly pattern: string }
  | {
      readonly event: 'pull request'
      readonly number: number
      readonly branch: string
      readonly base: string
      readonly head: string
      readonly fork: boolean
    }
  | { readonly event: 'merge queue'; readonly branch: string; readonly base: string; readonly head: string }

/**
 * A command on live databases. Times are in milliseconds. `waitMs`: for a server or database that is not up yet.
 * `lockMs`: for one attempt to get a lock. `statementMs` undefined: the setting of the server. `environment` undefined:
 * from APP_ENV. `server`, `postgres` and `disposableServer` are for the scratch server.
 */
export type LiveOptions = Pick<
  CheckRequest,
  'paths' | 'config' | 'databases' | 'server' | 'postgres' | 'disposableServer'
> & {
  readonly environment: string | undefined
  readonly waitMs: number
  readonly lockMs: number
  readonly statementMs: number | undefined
}

export type UpRequest = LiveOptions & {
  readonly command: 'up'
  readonly to: string | undefined
  readonly dryRun: boolean
  readonly late: 'refuse' | 'allow'
  /** What to do with a database that has tables, and no history that explains them. */
  readonly existing: 'refuse' | 'allow'
}

export type DownRequest = LiveOptions & {
  readonly command: 'down'
  readonly to: string | undefined
  readonly steps: number | undefined
  readonly dryRun: boolean
}

export type RedoRequest = LiveOptions & { readonly command: 'redo'; readonly dryRun: boolean }

export type StatusRequest = LiveOptions & {
  readonly command: 'status'
  /** Whether a database that is not up to date fails the run. Then `waitMs` also waits until it is. */
  readonly check: boolean
  readonly drift: boolean
}

export type BaselineRequest = LiveOptions & {
  readonly command: 'baseline'
  readonly to: string | undefined
  readonly differences: 'refuse' | 'accept'
  readonly clearDirty: boolean
}

/** `down` rolls back all seeds of one database. */
export type SeedRequest = LiveOptions & {
  readonly command: 'seed'
  readonly direction: 'up' | 'down'
  readonly dryRun: boolean
}

/** `expires`: a time as text, from now (`24h`) or absolute (ISO 8601). Undefined: a day. `proof` `none`: no dry run. */
export type PlanRequest = LiveOptions & {
  readonly command: 'plan'
  readonly proof: CheckRequest['proof']
  readonly to: string | undefined
  readonly late: 'refuse' | 'allow'
  readonly existing: UpRequest['existing']
  readonly expires: string | undefined
}

/** Milliseconds for one attempt to get a lock, unless another time is named. */
export const LOCK_MS = 5_000

/** The folder of backups unless another one is named. */
export const BACKUP_FOLDER = 'migration-gate-backups'

/** How to take a backup before any change. `id` names the user's own backup (`external`). */
export type BackupRequest = BackupOptions & {
  readonly kind: 'dump' | 'external' | 'none'
  readonly id: string | undefined
}

/**
 * `digest`: what was approved. `plan`: the file with the report of that plan. `smoke`: a command for sh that must
 * succeed afterwards. `unrestorable`: the databases to change although pg_restore cannot restore their dump.
 */
export type DeployRequest = Omit<PlanRequest, 'command'> & {
  readonly command: 'deploy'
  readonly digest: string | undefined
  readonly plan: string | undefined
  readonly irreversible: readonly string[]
  readonly backup: BackupRequest
  readonly smoke: string | undefined
  readonly unrestorable: readonly string[]
}

/**
 * `run`: the run of a deploy whose steps are rolled back. `confirm`: the typed text. `irreversible`: accepted versions.
 * `proof` `none`: the downs run without a dry run. `unrestorable`: as in a deploy.
 */
export type RollbackRequest = LiveOptions & {
  readonly command: 'rollback'
  readonly proof: CheckRequest['proof']
  readonly to: string | undefined
  readonly steps: number | undefined
  readonly run: string | undefined
  readonly confirm: string | undefined
  readonly irreversible: readonly string[]
  readonly reason: string | undefined
  readonly backup: BackupRequest
  readonly smoke: string | undefined
  readonly unrestorable: readonly string[]
}

/** `archive`: a backup, or a folder with one, that replaces the live database. `undo`: rolls back the last swap. */
export type RestoreRequest = LiveOptions & {
  readonly command: 'restore'
  readonly archive: string | undefined
  readonly undo: boolean
  readonly jobs: number
  readonly confirm: string | undefined
  readonly differences: 'refuse' | 'accept'
  readonly reason: string | undefined
}

export type LiveRequest =
  | UpRequest
  | DownRequest
  | RedoRequest
  | StatusRequest
  | BaselineRequest
  | SeedRequest
  | PlanRequest
  | DeployRequest
  | RollbackRequest
  | RestoreRequest

export type Request = CheckRequest | LiveRequest
