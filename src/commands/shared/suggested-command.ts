// Suggested commands: for the same folders, config, environment and databases as the run that prints them.
import { commandText, PROGRAM } from '../../model/command.js'
import type { DatabaseConfig } from '../../model/config.js'
import { shellWord } from '../../model/shell-quote.js'
import { BACKUP_FOLDER, type BackupRequest, type DeployRequest, type LiveRequest, type PlanRequest } from './request.js'

/** The folders and the config of a request, as arguments. */
const whereWords = ({ paths, config }: Pick<LiveRequest, 'paths' | 'config'>): readonly string[] => [
  ...paths.map(shellWord),
  ...(config === undefined ? [] : [`--config ${shellWord(config)}`]),
]

/**
 * The arguments after `pg-migration-gate COMMAND` for one database of a request, with the environment if it was given.
 */
export const databaseWords = (request: Pick<LiveRequest, 'paths' | 'config' | 'environment'>, name: string): string =>
  [
    ...whereWords(request),
    ...(request.environment === undefined ? [] : [`--environment ${shellWord(request.environment)}`]),
    `--databases ${shellWord(name)}`,
  ].join(' ')

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

/** What a plan is about, besides its databases: the same for the deploy of it. */
export const planWords = (request: Pick<DeployRequest, 'to' | 'late' | 'existing' | 'proof'>): readonly string[] => [
  ...toWords(request),
  ...allowedWords(request),
  ...(request.proof === 'none' ? ['--no-proof'] : []),
]

/**
 * As `planWords`, with what a deploy accepts, its backup and its test. A connection string is never shown: `--server` is
 * left out.
 */
export const deployWords = (request: DeployRequest): readonly string[] => [
  ...planWords(request),
  ...acceptedWords(request),
  ...backupWords(request.backup),
  ...(request.smoke === undefined ? [] : [`--smoke-test ${shellWord(request.smoke)}`]),
]

/** The options for the data loss and the dumps that a deploy or a rollback accepts. */
export const acceptedWords = ({
  irreversible,
  unrestorable,
}: Pick<DeployRequest, 'irreversible' | 'unrestorable'>): readonly string[] => [
  ...(irreversible.length === 0 ? [] : [`--accept-irreversible ${shellWord(irreversible.join(','))}`]),
  ...(unrestorable.length === 0 ? [] : [`--accept-unrestorable ${shellWord(unrestorable.join(','))}`]),
]

const backupWords = ({ kind, id, command, folder, jobs, proof, key }: BackupRequest): readonly string[] => [
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
