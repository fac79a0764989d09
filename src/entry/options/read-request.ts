// Reads the text of the options of one command into a request.
import { BACKUP_FOLDER, LOCK_MS } from '../../requests/request.js'
import type { Against, BackupRequest, LiveOptions, PlanRequest, Request } from '../../requests/request.js'
import { UserError } from '../../model/errors.js'
import type { ReportingCommand } from './commands.js'
import { BACKUP_PROOFS, BACKUPS, FAIL_LEVELS, IMPACTS, PROOFS, SCOPES, UNITS } from './option.js'
import { type OptionName } from './all.js'
import { readChoice, readDuration, readFlag, readList, readNumber, type Naming } from './read-value.js'

/** One function for each kind of option. Each throws a UserError for a wrong value. */
export type Reader = {
  readonly flag: (name: OptionName) => boolean
  readonly choice: <W extends string, D extends W | undefined>(
    name: OptionName,
    choices: readonly W[],
    fallback: D,
  ) => W | D
  readonly text: (name: OptionName) => string | undefined
  readonly number: (name: OptionName, example: string) => number | undefined
  readonly duration: (name: OptionName, example: string) => number | undefined
  readonly list: (name: OptionName, separator: ',' | undefined) => readonly string[]
}

export const readerOf = (read: (name: OptionName) => string, naming: Naming): Reader => ({
  flag: (name) => readFlag({ text: read(name), default: false, name: naming(name) }),
  choice: (name, choices, fallback) => readChoice({ text: read(name), choices, default: fallback, name: naming(name) }),
  text: (name) => read(name).trim() || undefined,
  number: (name, example) => readNumber({ text: read(name), name: naming(name), example }),
  duration: (name, example) => readDuration({ text: read(name), name: naming(name), example }),
  list: (name, separator) => readList(read(name), separator),
})

/** Throws a UserError for the first wrong value. */
export function readRequest(command: ReportingCommand, reader: Reader): Request {
  const { flag, choice, text, number } = reader
  switch (command) {
    case 'check':
      return {
        command,
        ...common(reader),
        proof: choice('proof', PROOFS, 'guided'),
        impact: choice('impact', IMPACTS, 'measured'),
        unit: choice('unit', UNITS, undefined),
        failOn: choice('fail-on', FAIL_LEVELS, 'error'),
        against: readAgainst(reader),
        scope: choice('scope', SCOPES, undefined),
        updateDebt: flag('update-debt'),
        fix: flag('fix'),
      }
    case 'up':
      return {
        command,
        ...live(reader),
        to: text('to'),
        dryRun: flag('dry-run'),
        late: flag('allow-late') ? 'allow' : 'refuse',
        existing: flag('allow-existing') ? 'allow' : 'refuse',
      }
    case 'down':
      return { command, ...live(reader), to: text('to'), steps: number('steps', '2'), dryRun: flag('dry-run') }
    case 'redo':
      return { command, ...live(reader), dryRun: flag('dry-run') }
    case 'status':
      return { command, ...live(reader), check: flag('check'), drift: flag('drift') }
    case 'seed':
      return { command, ...live(reader), direction: flag('down') ? 'down' : 'up', dryRun: flag('dry-run') }
    case 'baseline':
      return {
        command,
        ...live(reader),
        to: text('to'),
        clearDirty: flag('clear-dirty'),
        differences: flag('accept-differences') ? 'accept' : 'refuse',
      }
    case 'plan':
      return { command, ...live(reader), ...planning(reader) }
    case 'deploy':
      return {
        command,
        ...live(reader),
        ...planning(reader),
        backup: readBackup(reader),
        digest: text('digest'),
        plan: text('plan'),
        irreversible: reader.list('accept-irreversible', ','),
        smoke: text('smoke-test'),
        unrestorable: reader.list('accept-unrestorable', ','),
      }
    case 'rollback':
      return {
        command,
        ...live(reader),
        to: text('to'),
        steps: number('steps', '2'),
        run: text('deploy'),
        confirm: text('confirm'),
        irreversible: reader.list('accept-irreversible', ','),
        reason: text('reason'),
        backup: readBackup(reader),
        smoke: text('smoke-test'),
        unrestorable: reader.list('accept-unrestorable', ','),
        proof: choice('proof', PROOFS, 'guided'),
      }
    case 'restore':
      return {
        command,
        ...live(reader),
        archive: text('from'),
        undo: flag('undo'),
        confirm: text('confirm'),
        jobs: number('backup-jobs', '4') ?? 1,
        differences: flag('accept-differences') ? 'accept' : 'refuse',
        reason: text('reason'),
      }
  }
}

const planning = ({
  text,
  flag,
  choice,
}: Reader): Pick<PlanRequest, 'proof' | 'to' | 'late' | 'existing' | 'expires'> => ({
  proof: choice('proof', PROOFS, 'guided'),
  to: text('to'),
  late: flag('allow-late') ? 'allow' : 'refuse',
  existing: flag('allow-existing') ? 'allow' : 'refuse',
  expires: text('expires'),
})

function readBackup({ choice, text, number }: Reader): BackupRequest {
  const kind = choice('backup', BACKUPS, 'dump')
  const id = text('backup-id')
  if ((kind === 'external') !== (id !== undefined)) {
    const what =
      id === undefined ? '--backup external needs --backup-id' : `a backup (${id}) and a dump contradict each other`
    throw new UserError({ kind: 'use', what, fix: 'Use --backup external --backup-id ID, or neither.' })
  }
  return {
    kind,
    id,
    key: text('backup-key'),
    command: text('backup-command'),
    folder: text('backup-folder') ?? BACKUP_FOLDER,
    jobs: number('backup-jobs', '4') ?? 1,
    proof: choice('prove-backup', BACKUP_PROOFS, 'read') === 'read' ? 'read' : 'restored',
  }
}

function readAgainst({ text }: Reader): Against | undefined {
  const base = text('base')
  const pattern = text('since-release')
  if (base !== undefined && pattern !== undefined) {
    const what = `base (${base}) and since-release (${pattern}) contradict each other`
    throw new UserError({ kind: 'use', what, fix: 'Leave one of them out.' })
  }
  if (pattern !== undefined) return { event: 'release', pattern }
  if (base === undefined) return undefined
  return base === 'none' ? { event: 'nothing' } : { event: 'asked', name: base }
}

const common = ({
  flag,
  list,
  number,
  text,
}: Reader): Omit<LiveOptions, 'environment' | 'waitMs' | 'lockMs' | 'statementMs'> => ({
  paths: list('path', undefined),
  config: text('config'),
  databases: list('databases', ','),
  server: text('server'),
  postgres: number('postgres', '17'),
  disposableServer: flag('disposable-server'),
})

const live = (reader: Reader): LiveOptions => ({
  ...common(reader),
  environment: reader.text('environment'),
  waitMs: reader.duration('wait', '60s') ?? 0,
  lockMs: reader.duration('lock-timeout', '5s') ?? LOCK_MS,
  statementMs: reader.duration('statement-timeout', '30s'),
})
