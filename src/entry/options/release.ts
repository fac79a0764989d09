// Options of plan, deploy, rollback and restore.
import { BACKUPS, BACKUP_PROOFS } from './option.js'
import type { Option } from './option.js'

const CHANGING = ['deploy', 'rollback'] as const

export const DEPLOY_OPTIONS = [
  {
    name: 'expires',
    kind: 'text',
    commands: ['plan', 'deploy'],
    placeholder: 'time',
    default: '',
    about:
      'When the plan expires: after a duration (24h), or at a point in time (2026-11-23T16:00:00Z). Default: after one day.',
  },
  {
    name: 'digest',
    kind: 'text',
    commands: ['deploy'],
    placeholder: 'digits',
    default: '',
    about: 'Digest of the approved plan, or its first 8 or more digits. Nothing else runs.',
  },
  {
    name: 'plan',
    kind: 'text',
    commands: ['deploy'],
    placeholder: 'file',
    default: '',
    about:
      'JSON report of the approved plan. Its expiry applies, changes since then are listed, and a deploy that stopped half way can resume.',
  },
  {
    name: 'backup',
    kind: 'choice',
    choices: BACKUPS,
    commands: CHANGING,
    placeholder: 'how',
    default: 'dump',
    about:
      'Backup before the change: a proved dump, external for your own backup (--backup-id), or none (refused in production).',
  },
  {
    name: 'backup-id',
    kind: 'text',
    commands: CHANGING,
    placeholder: 'id',
    default: '',
    about: 'Identifier of your own backup, such as a snapshot or a point in time. It is recorded, not checked.',
  },
  {
    name: 'backup-folder',
    kind: 'text',
    commands: CHANGING,
    placeholder: 'folder',
    default: '',
    about: 'Folder for dumps. Default: migration-gate-backups (on a GitHub Actions runner, in its temporary folder).',
  },
  {
    name: 'backup-jobs',
    kind: 'number',
    commands: ['deploy', 'rollback', 'restore'],
    placeholder: 'number',
    default: '',
    about: 'Number of tables to dump or restore in parallel. Default: 1.',
  },
  {
    name: 'backup-key',
    kind: 'text',
    commands: CHANGING,
    placeholder: 'recipient',
    default: '',
    about:
      'Public age key (age1...). Dumps are encrypted with it after they are proved. restore reads BACKUP_AGE_IDENTITY.',
  },
  {
    name: 'backup-command',
    kind: 'text',
    commands: CHANGING,
    placeholder: 'command',
    default: '',
    about: 'Shell command to run for each proved dump, with its path as $1. Use it to copy the dump to storage.',
  },
  {
    name: 'prove-backup',
    kind: 'choice',
    choices: BACKUP_PROOFS,
    commands: CHANGING,
    placeholder: 'how',
    default: 'read',
    about: 'How to prove a dump: read it back whole, or restore it on a scratch server and compare catalogue and rows.',
  },
  {
    name: 'accept-unrestorable',
    kind: 'list',
    commands: CHANGING,
    placeholder: 'databases',
    default: '',
    about: 'Databases to change although pg_restore alone cannot restore their dump.',
  },
  {
    name: 'smoke-test',
    kind: 'text',
    commands: CHANGING,
    placeholder: 'command',
    default: '',
    about: 'Shell command to run when everything else has passed. It must succeed.',
  },
  {
    name: 'deploy',
    kind: 'text',
    commands: ['rollback'],
    placeholder: 'id',
    default: '',
    about:
      'Roll back what this deploy did to the database: the id or URL of a workflow run, or the digest of its plan.',
  },
  {
    name: 'confirm',
    kind: 'text',
    commands: ['rollback', 'restore'],
    placeholder: 'words',
    default: '',
    about: 'The confirmation that the command asks for: the database and its target (core_db 00005).',
  },
  {
    name: 'accept-irreversible',
    kind: 'list',
    commands: ['deploy', 'rollback'],
    placeholder: 'versions',
    default: '',
    about: 'Versions to deploy or roll back although a rollback does not restore everything.',
  },
  {
    name: 'reason',
    kind: 'text',
    commands: ['rollback', 'restore'],
    placeholder: 'words',
    default: '',
    about: 'Why you do this. It is part of the report.',
  },
  {
    name: 'from',
    kind: 'text',
    commands: ['restore'],
    placeholder: 'archive',
    default: '',
    about: 'Backup to restore: an archive, or a folder with exactly one archive of this database.',
  },
  {
    name: 'undo',
    kind: 'flag',
    commands: ['restore'],
    default: 'false',
    about: 'Undo the last restore: the previous database becomes live again.',
  },
] as const satisfies readonly Option[]
