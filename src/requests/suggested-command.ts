// Suggested commands: for the same folders, config, environment and databases as the run that prints them.
import { commandText, PROGRAM } from '../model/command.js'
import type { DatabaseConfig } from '../model/config.js'
import { shellWord } from '../model/shell-quote.js'
import {
  BACKUP_FOLDER,
  LOCK_MS,
  type BackupRequest,
  type DeployRequest,
  type LiveOptions,
  type LiveRequest,
  type PlanRequest,
} from './request.js'

/** The folders and the config of a request, as arguments. */
const whereWords = ({ paths, config }: Pick<LiveRequest, 'paths' | 'config'>): readonly string[] => [
  ...paths.map(shellWord),
  ...(config === undefined ? [] : [`--config ${shellWord(config)}`]),
]

/**
 * The arguments after `pg-migration-gate COMMAND` for one database of a request, with the environment if it was given.
 */
export const databaseWords = (request: Pick<LiveRequest, 'paths' | 'config' | 'environment'>, name: string): string =>
  [...whereWords(request), ...environmentWords(request), `--databases ${shellWord(name)}`].join(' ')

const environmentWords = ({ environment }: Pick<LiveRequest, 'environment'>): readonly string[] =>
  environment === undefined ? [] : [`--environment ${shellWord(environment)}`]

/** `pg-migration-gate COMMAND`, then the folders, the config and the environment, then `words`. */
export const suggestCommand = (
  { request, environment }: { readonly request: Pick<LiveRequest, 'paths' | 'config'>; readonly environment: string },
  command: string,
  words: readonly string[],
): string => [PROGRAM, command, ...whereWords(request), `--environment ${shellWord(environment)}`, ...words].join(' ')

/** What an `up`, a `plan` or a `deploy` accepts knowingly: the same for the commands that follow. */
export const allowedWords = ({ late, existing }: Pick<PlanRequest, 'late' | 'existing'>): readonly string[] => [
  ...(late === 'allow' ? ['--allow-late'] : []),
  ...(existing === 'allow' ? ['--allow-existing'] : []),
]

type Planned = Pick<DeployRequest, 'to' | 'late' | 'existing' | 'proof'>
type Limits = Pick<LiveOptions, 'waitMs' | 'lockMs' | 'statementMs'>

/** What a plan is about, besides its databases: the same for the deploy of it. */
const plannedWords = (request: Planned): readonly string[] => [
  ...toWords(request),
  ...allowedWords(request),
  ...(request.proof === 'none' ? ['--no-proof'] : []),
]

/** What a plan is about, besides its databases, and the time limits of the run. */
export const planWords = (request: Planned & Limits): readonly string[] => [
  ...plannedWords(request),
  ...limitWords(request),
]

/**
 * As `planWords`, with what a deploy accepts, its backup and its test. A connection string is never shown: `--server` is
 * left out.
 */
export const deployWords = (request: DeployRequest): readonly string[] => [
  ...plannedWords(request),
  ...acceptedWords(request),
  ...backupWords(request.backup),
  ...(request.smoke === undefined ? [] : [`--smoke-test ${shellWord(request.smoke)}`]),
  ...limitWords(request),
]

/** The time limits of a run that are not the usual ones. */
export const limitWords = ({ waitMs, lockMs, statementMs }: Limits): readonly string[] => [
  ...(waitMs === 0 ? [] : [`--wait ${timeWord(waitMs)}`]),
  ...(lockMs === LOCK_MS ? [] : [`--lock-timeout ${timeWord(lockMs)}`]),
  ...(statementMs === undefined ? [] : [`--statement-timeout ${timeWord(statementMs)}`]),
]

/** Milliseconds as an option takes them: `500ms`, `1.5s`, `5m`. */
function timeWord(milliseconds: number): string {
  const whole = Math.round(milliseconds)
  if (whole < 1000) return `${whole}ms`
  return whole % 60_000 === 0 ? `${whole / 60_000}m` : `${whole / 1000}s`
}

/** `--dry-run`, which changes nothing: never left out of a command that takes the place of one that has it. */
export const dryRunWords = (request: LiveRequest): readonly string[] =>
  'dryRun' in request && request.dryRun ? ['--dry-run'] : []

/**
 * The same `up`, `plan` or `deploy` once more, which also begins in the named database although it has tables. A deploy
 * that was approved keeps its databases, because its digest is about all of them. Other requests: an `up`.
 */
export function commandWithExisting(request: LiveRequest, name: string): string {
  const about = databaseWords(request, name)
  switch (request.command) {
    case 'up': {
      const allowed = allowedWords({ ...request, existing: 'allow' })
      const words = ['up', about, ...toWords(request), ...allowed, ...dryRunWords(request), ...limitWords(request)]
      return commandText(words.join(' '))
    }
    case 'plan':
      return commandText(
        ['plan', about, ...planWords({ ...request, existing: 'allow' }), ...approvedWords(request)].join(' '),
      )
    case 'deploy': {
      const all = [...whereWords(request), ...environmentWords(request), ...sameDatabases(request)]
      const words = [...deployWords({ ...request, existing: 'allow' }), ...approvedWords(request)]
      return commandText(['deploy', ...(request.digest === undefined ? [about] : all), ...words].join(' '))
    }
    default:
      return commandText(`up ${about} --allow-existing`)
  }
}

/** The approval that was given, and its expiry, which is part of the digest. */
const approvedWords = ({
  plan,
  digest,
  expires,
}: Partial<Pick<DeployRequest, 'plan' | 'digest' | 'expires'>>): readonly string[] => [
  ...(plan === undefined ? [] : [`--plan ${shellWord(plan)}`]),
  ...(digest === undefined ? [] : [`--digest ${shellWord(digest)}`]),
  ...(expires === undefined ? [] : [`--expires ${shellWord(expires)}`]),
]

/** The options for the data loss and the dumps that a deploy or a rollback accepts. */
export const acceptedWords = ({
  irreversible,
  unrestorable,
}: Pick<DeployRequest, 'irreversible' | 'unrestorable'>): readonly string[] => [
  ...(irreversible.length === 0 ? [] : [`--accept-irreversible ${shellWord(irreversible.join(','))}`]),
  ...(unrestorable.length === 0 ? [] : [`--accept-unrestorable ${shellWord(unrestorable.join(','))}`]),
]

/** How a deploy or a rollback takes its backup. */
export const backupWords = ({ kind, id, command, folder, jobs, proof, key }: BackupRequest): readonly string[] => [
  ...(kind === 'dump' ? [] : [`--backup ${kind}`]),
  ...(id === undefined ? [] : [`--backup-id ${shellWord(id)}`]),
  ...(key === undefined ? [] : [`--backup-key ${shellWord(key)}`]),
  ...(command === undefined ? [] : [`--backup-command ${shellWord(command)}`]),
  ...(folder === BACKUP_FOLDER ? [] : [`--backup-folder ${shellWord(folder)}`]),
  ...(jobs === 1 ? [] : [`--backup-jobs ${jobs}`]),
  ...(proof === 'read' ? [] : ['--prove-backup restore']),
]

/** The command that shows every problem of the files of a database. */
export const checkCommand = (
  { config }: Pick<LiveRequest, 'config'>,
  { folder }: Pick<DatabaseConfig, 'folder'>,
): string => commandText(['check', ...whereWords({ paths: [folder], config })].join(' '))

/** How far a command goes that is about one database. */
export function extentWords(request: LiveRequest): readonly string[] {
  switch (request.command) {
    case 'down':
      return [...toWords(request), ...stepsWords(request)]
    case 'rollback':
      return [
        ...toWords(request),
        ...stepsWords(request),
        ...(request.run === undefined ? [] : [`--deploy ${shellWord(request.run)}`]),
        ...acceptedWords(request),
      ]
    case 'baseline':
      return [...toWords(request), ...(request.clearDirty ? ['--clear-dirty'] : [])]
    case 'restore':
      return request.archive === undefined ? ['--undo'] : [`--from ${shellWord(request.archive)}`]
    case 'seed':
      return request.direction === 'down' ? ['--down'] : []
    case 'up':
    case 'plan':
    case 'deploy':
      return toWords(request)
    case 'redo':
    case 'status':
      return []
  }
}

const toWords = ({ to }: { readonly to: string | undefined }): readonly string[] =>
  to === undefined ? [] : [`--to ${shellWord(to)}`]

const stepsWords = ({ steps }: { readonly steps: number | undefined }): readonly string[] =>
  steps === undefined ? [] : [`--steps ${steps}`]

/** The databases of a run, if it names any. */
export const sameDatabases = ({ databases }: Pick<LiveRequest, 'databases'>): readonly string[] =>
  databases.length === 0 ? [] : [`--databases ${databases.map(shellWord).join(',')}`]
