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
      'Until when the plan may be run: a time from now (24h), or a moment (2026-11-23T16:00:00Z). Without it a day.',
  },
  {
    name: 'digest',
    kind: 'text',
    commands: ['deploy'],
    placeholder: 'digits',
    default: '',
    about: 'The digest of the plan that was approved, or 8 of its digits or more. Nothing else runs.',
  },
  {
    name: 'plan',
    kind: 'text',
    commands: ['deploy'],
    placeholder: 'file',
    default: '',
    about:
      'The JSON report of the approved plan: its expiry holds, what moved is told, and a deploy that broke half way goes on.',
  },
  {
    name: 'backup',
    kind: 'choice',
    choices: BACKUPS,
    commands: CHANGING,
    placeholder: 'how',
    default: 'dump',
    about:
      'What is done first: a proved dump, external for one that you took yourself (--backup-id), or none (not in production).',
  },
  {
    name: 'backup-id',
    kind: 'text',
    commands: CHANGING,
    placeholder: 'id',
    default: '',
    about:
      'The identifier of your own backup (snapshot, point in time). It is written down, and nothing about it is checked.',
  },
  {
    name: 'backup-folder',
    kind: 'text',
    commands: CHANGING,
    placeholder: 'folder',
    default: '',
    about:
      'Where dumps are kept. Without it migration-gate-backups (on a runner of GitHub Actions in its temporary folder).',
  },
  {
    name: 'backup-jobs',
    kind: 'number',
    commands: ['deploy', 'rollback', 'restore'],
    placeholder: 'number',
    default: '',
    about: 'How many tables are dumped or restored at a time. Without it one.',
  },
  {
    name: 'backup-key',
    kind: 'text',
    commands: CHANGING,
    placeholder: 'recipient',
    default: '',
    about:
      'A public key of age (age1...): dumps are encrypted for it once they are proved. restore reads BACKUP_AGE_IDENTITY.',
  },
  {
    name: 'backup-command',
    kind: 'text',
    commands: CHANGING,
    placeholder: 'command',
    default: '',
    about: 'Run by sh for each dump once it is proved, with its path as $1: to take it where it is kept.',
  },
  {
    name: 'prove-backup',
    kind: 'choice',
    choices: BACKUP_PROOFS,
    commands: CHANGING,
    placeholder: 'how',
    default: 'read',
    about: 'How a dump is proved: read back whole, or restored on a scratch server and compared, catalogue and rows.',
  },
  {
    name: 'smoke-test',
    kind: 'text',
    commands: CHANGING,
    placeholder: 'command',
    default: '',
    about: 'Run by sh when all else held; it has to succeed.',
  },
  {
    name: 'deploy',
    kind: 'text',
    commands: ['rollback'],
    placeholder: 'id',
    default: '',
    about:
      'Take back what this run did to the database: the id or the address of a workflow run, or the digest of its plan.',
  },
  {
    name: 'confirm',
    kind: 'text',
    commands: ['rollback', 'restore'],
    placeholder: 'words',
    default: '',
    about: 'The words that the command asks for, typed: the database and where it goes (core_db 00005).',
  },
  {
    name: 'accept-irreversible',
    kind: 'list',
    commands: ['rollback'],
    placeholder: 'versions',
    default: '',
    about: 'Versions that are taken back although not all comes back with them.',
  },
  {
    name: 'reason',
    kind: 'text',
    commands: ['rollback', 'restore'],
    placeholder: 'words',
    default: '',
    about: 'Why. It stands in the report.',
  },
  {
    name: 'from',
    kind: 'text',
    commands: ['restore'],
    placeholder: 'archive',
    default: '',
    about:
      'The backup that is put in the place of the live database: an archive, or a folder that holds just one of this database.',
  },
  {
    name: 'undo',
    kind: 'flag',
    commands: ['restore'],
    default: 'false',
    about: 'Take back the last restore: the database that was live before is live again.',
  },
] as const satisfies readonly Option[]
