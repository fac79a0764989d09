// Describes every key of the config file: the reader, the JSON Schema and the table in the documentation come from here.
import { CONFIG_WAIVER_FORM } from '../model/waiver.js'
import { WINDOW_FORM } from '../model/deploy-windows.js'
import { LEVELS } from '../model/finding.js'
import { choice, list, object, record, type Shape } from './shape.js'
import { integer, path, regularExpression, size, variableName, waiver, window, words } from './values.js'

/** The default path of the config file. */
export const CONFIG_FILE = 'migration-gate.yml'

/** The default folder of migrations. */
export const DEFAULT_PATH = 'migrations'

/** Bytes. Larger migrations are a finding. */
export const DEFAULT_MAX_FILE_BYTES = 1_000_000

/** Takes bcrypt a tenth of a second. OWASP's Password Storage Cheat Sheet asks for at least 10. */
export const DEFAULT_SEED_COST = 10

const UNITS = ['each', 'range', 'chain'] as const

const history = object({
  kind: {
    shape: choice('history kind', [
      'goose',
      'golang-migrate',
      'sql-migrate',
      'dbmate',
      'diesel',
      'sqlx',
      'node-pg-migrate',
    ]),
    about: 'The tool whose table of applied versions is read and written.',
    usual: 'the one that the database has, else that of the layout (`pairs`: golang-migrate)',
  },
  table: {
    shape: words('table name'),
    about: 'Name of that table, where it is not the one that the tool creates.',
    usual: "the tool's own",
  },
})

const database = object({
  folder: {
    shape: path('path'),
    about: 'Folder with the migrations, from the repository root. Seeds are in its subfolder `seeds`.',
    usual: `\`${DEFAULT_PATH}/<name>\``,
  },
  layout: {
    shape: choice('layout', ['pairs', 'goose', 'sql-migrate', 'dbmate', 'directories']),
    about: 'How the files hold migrations.',
    usual: 'detected from the files',
  },
  naming: {
    shape: regularExpression,
    about: 'What every file name must match.',
    usual: "the layout's own convention, or the one that the folder follows",
  },
  history: { shape: history, about: "The tool's own table of applied versions.", usual: '' },
  dsn: {
    shape: variableName,
    about: 'Environment variable that holds the connection string. Never the connection string itself.',
    usual: 'the name in upper case with `_DSN` behind it (`CORE_DB_DSN`)',
  },
  transaction: {
    shape: choice('transaction mode', ['wrapped', 'message', 'none']),
    about:
      'How a script is sent: `wrapped` in one transaction, as one `message` without a transaction around it, or `none`: statement by statement.',
    usual: 'as the tool of the layout does',
  },
  session: {
    shape: choice('session mode', ['reset', 'shared']),
    about:
      '`shared`: settings of one migration stay for the next ones, as with a tool that uses one connection for all.',
    usual: '`reset`',
  },
  setup: {
    shape: list(path('path')),
    about: 'SQL files that run before the first migration: they create what every database has before its migrations.',
    usual: 'nothing',
  },
  'stand-ins': {
    shape: record({ name: 'version', value: path('path') }),
    about: 'SQL substitutes: files that the proof runs instead of migrations in a programming language.',
    usual: 'nothing',
  },
  extensions: {
    shape: list(words('extension')),
    about: 'Extensions that the server must offer. Without them the migrations are not proved.',
    usual: 'nothing',
  },
  irreversible: {
    shape: record({ name: 'version', value: words('reason') }),
    about: 'Migrations that are irreversible on purpose, and why. For merged files; a new file declares it itself.',
    usual: 'nothing',
  },
  unit: {
    shape: choice('unit', UNITS),
    about: 'What is rolled back in one go: `each` migration, a `range` that is one change, or only the whole `chain`.',
    usual: '`proof.unit`',
  },
  journal: {
    shape: choice('journal mode', ['on', 'off']),
    about: "The journal: our own record beside the tool's table, in the schema `migration_gate` of the target.",
    usual: '`on`',
  },
  production: {
    shape: choice('command', ['deploy', 'up']),
    about: 'Which command may apply migrations in the environment `production`: only `deploy`, or also `up`.',
    usual: '`deploy`',
  },
})

const proof = object({
  unit: { shape: choice('unit', UNITS), about: 'The unit of every database that sets none.', usual: '`each`' },
  scope: {
    shape: choice('scope', ['changed', 'all']),
    about: 'What is proved of a pull request: the migrations that it touches and all after them, or `all`.',
    usual: '`changed`',
  },
})

const deploy = object({
  order: {
    shape: list(words('name')),
    about: 'Order in which databases are deployed. The first one is the canary: when it fails, no other is touched.',
    usual: 'the order in this file, then by name',
  },
  windows: {
    shape: list(window),
    about: `When deploys may run: \`${WINDOW_FORM}\`, or \`daily\` for the days.`,
    usual: 'always',
  },
  refs: {
    shape: choice('kind of ref', ['protected', 'any']),
    about: 'From which branches and tags: only `protected` ones, or `any`.',
    usual: '`protected`',
  },
  check: {
    shape: words('name of a check'),
    about: 'Name of the check run (or commit status) that must have passed for the commit.',
    usual: 'none',
  },
  ignore: {
    shape: list(words('pattern')),
    about:
      'Objects that come and go without migrations, such as partitions: `relation public.events_p*`. They are never compared.',
    usual: 'nothing',
  },
  'on-failure': {
    shape: choice('word', ['stop', 'offer']),
    about:
      'After a failed step no other step runs. `stop` shows the commands that continue or roll back. `offer` also makes a dry run of the rollback of every changed database on a copy of it, and counts the data that would be lost.',
    usual: '`stop`',
  },
  retention: {
    shape: words('time'),
    about: 'How long backups are kept, for the report.',
    usual: 'not reported',
  },
})

const seeds = object({
  cost: {
    shape: integer({ what: 'cost of bcrypt', from: 4, to: 16 }),
    about: 'Cost of bcrypt for `hash` in a seed; one more is twice the work.',
    usual: `\`${DEFAULT_SEED_COST}\``,
  },
})

/** The whole file. `rules`: the ids that are allowed under `checks`. */
export const fileShape = (rules: readonly string[]) =>
  object({
    databases: {
      shape: record({ name: 'name', value: database }),
      about: 'Databases with settings other than the defaults.',
      usual: '',
    },
    ignore: {
      shape: list(path('path')),
      about: 'Folders that are never treated as a database.',
      usual: 'nothing',
    },
    proof: { shape: proof, about: 'How migrations are proved.', usual: '' },
    seeds: { shape: seeds, about: 'How seeds are run.', usual: '' },
    deploy: { shape: deploy, about: 'How production is changed.', usual: '' },
    checks: {
      shape: record({ name: 'rule', value: choice('level', [...LEVELS, 'off']), known: rules }),
      about: 'Level of a check, by its id.',
      usual: "the check's own",
    },
    waivers: {
      shape: list(waiver(rules)),
      about: `Findings that are accepted: \`${CONFIG_WAIVER_FORM}\`, to the end of that day.`,
      usual: 'nothing',
    },
    'max-file-size': { shape: size, about: 'A larger file is a finding.', usual: '`1 MB`' },
  })

type ValueOf<S> = S extends Shape<infer T> ? T : never

/** The contents of a valid file. Keys that it does not have are missing. */
export type FileValue = ValueOf<ReturnType<typeof fileShape>>
export type DatabaseValue = ValueOf<typeof database>

/** The folder of a database of the config: the configured one, or the default. */
export const folderOf = (name: string, value: DatabaseValue): string => value.folder ?? `${DEFAULT_PATH}/${name}`
