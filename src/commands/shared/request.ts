// What somebody asks for, after all text was understood.
import type { BackupOptions } from '../../release/backup.js'
import type { Unit } from '../../model/config.js'

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
  /** Undefined: what the event that started the run says. */
  readonly against: Against | undefined
  /** `changed`: with something to compare with, only what it touches is proved, and all after that. Undefined: the config's. */
  readonly scope: 'changed' | 'all' | undefined
  /** What is found becomes the list of known findings. */
  readonly updateDebt: boolean
  /** Proved repairs are written into the files. */
  readonly fix: boolean
}

/**
 * What the files are compared with. `asked` names a branch, tag or commit, `release` a pattern of tags. Of a pull request
 * `base` is the newest commit of the branch `branch` that the event knows, `head` its own newest one, `fork` whether it
 * comes from another repository.
 */
export type Against =
  | { readonly event: 'nothing' }
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
 * A command on live databases. Times are in milliseconds: `waitMs` for a server or database that is not there yet, `lockMs`
 * for one attempt at a lock, `statementMs` undefined as the server has it. `environment` undefined: APP_ENV says it.
 * `server`, `postgres` and `disposableServer` are about the scratch server that a comparison needs.
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
  /** Whether what is not up to date fails the run; then `waitMs` also waits for it to become so. */
  readonly check: boolean
  readonly drift: boolean
}

export type BaselineRequest = LiveOptions & {
  readonly command: 'baseline'
  readonly to: string | undefined
  readonly differences: 'refuse' | 'accept'
  readonly clearDirty: boolean
}

/** `down` takes all seeds of one database back. */
export type SeedRequest = LiveOptions & {
  readonly command: 'seed'
  readonly direction: 'up' | 'down'
  readonly dryRun: boolean
}

/**
 * `expires` is a time as text: how long from now (`24h`), or when (ISO 8601). Undefined: a day. With `proof` `none` no step is
 * tried on a scratch server first.
 */
export type PlanRequest = LiveOptions & {
  readonly command: 'plan'
  readonly proof: CheckRequest['proof']
  readonly to: string | undefined
  readonly late: 'refuse' | 'allow'
  readonly expires: string | undefined
}

/** How a backup is taken before anything else. `id` names the user's own one (`external`). */
export type BackupRequest = BackupOptions & {
  readonly kind: 'dump' | 'external' | 'none'
  readonly id: string | undefined
}

/**
 * `digest` is what was approved, `plan` the file with the report of the plan that it belongs to. `smoke` is a command for sh
 * that has to succeed afterwards.
 */
export type DeployRequest = Omit<PlanRequest, 'command'> & {
  readonly command: 'deploy'
  readonly digest: string | undefined
  readonly plan: string | undefined
  readonly backup: BackupRequest
  readonly smoke: string | undefined
}

/**
 * `run` is the run of a deploy whose steps are taken back. `confirm` is the typed text, `irreversible` accepted versions. With
 * `proof` `none` the downs run without having been tried on a scratch copy.
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
}

/** `archive` is a backup, or a folder with one, that is put in the place of the live database; `undo`: the last swap is taken back. */
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

export const isLiveRequest = (request: Request): request is LiveRequest => request.command !== 'check'
