// Every key of the config file, once: the reader, the JSON Schema and the table in the documentation come from here.
import { CONFIG_WAIVER_FORM } from '../model/waiver.js'
import { WINDOW_FORM } from '../model/deploy-windows.js'
import { LEVELS } from '../model/finding.js'
import { choice, keys, list, record, type Shape } from '../schema/shape.js'
import { histories } from '../tools/histories.js'
import { ours } from '../tools/pairs/own-history.js'
import { tools } from '../tools/tools.js'
import { integer, path, regularExpression, size, timeZone, variableName, waiver, window, words } from './values.js'

/** Default path of the config file. */
export const CONFIG_FILE = 'migration-gate.yml'

/** Default folder of migrations. */
export const DEFAULT_PATH = 'migrations'

/** In bytes. A larger migration is a finding. */
export const DEFAULT_MAX_FILE_BYTES = 1_000_000

/** bcrypt takes a tenth of a second for it. OWASP's Password Storage Cheat Sheet asks for at least 10. */
export const DEFAULT_SEED_COST = 10

const UNITS = ['each', 'range', 'chain'] as const

const history = keys({
  kind: {
    shape: choice(
      'history kind',
      histories.filter((one) => one !== ours).map(({ kind }) => kind),
    ),
    about: 'Tool whose table of applied versions is read and written.',
    usual: 'the one found in the database, else that of the layout (`pairs`: golang-migrate where it runs every file)',
  },
  table: {
    shape: words('table name'),
    about: "Name of that table, if it is not the tool's default.",
    usual: "the tool's default",
  },
})

const impact = (usual: (own: string) => string) =>
  keys({
    level: {
      shape: choice('level', [...LEVELS, 'off']),
      about: 'Highest level of findings about a database in use. A rule that `checks` names has its own.',
      usual: usual('`error`'),
    },
    fixtures: {
      shape: path('path'),
      about:
        'Folder with SQL files that put rows into the watched database before the first watched migration. They count as real rows.',
      usual: usual('none'),
    },
    fill: {
      shape: choice('word', ['full', 'structure', 'off']),
      about:
        'Made-up rows of tables without any: `full` also tries awkward ones (NULL, equal rows, long text), `structure` only plain ones, `off` none.',
      usual: usual('`full`'),
    },
    timezone: {
      shape: timeZone,
      about:
        'Time zone of the sessions that are watched: with another than UTC, `timestamp` to `timestamptz` is a rewrite.',
      usual: usual('UTC, or what the migrations set'),
    },
    ignore: {
      shape: list(words('pattern')),
      about:
        'Tables and views about which no impact is found: `audit.*`, `events_p*`. The facts stay in the JSON report.',
      usual: usual('none'),
    },
  })

const database = keys({
  folder: {
    shape: path('path'),
    about: 'Folder with the migrations, relative to the repository root. Seeds are in its subfolder `seeds`.',
    usual: `\`${DEFAULT_PATH}/<name>\``,
  },
  layout: {
    shape: choice(
      'layout',
      tools.map(({ name }) => name),
    ),
    about: 'Layout of the migration files.',
    usual: 'detected from the files',
  },
  naming: {
    shape: regularExpression,
    about: 'Pattern that every file name must match.',
    usual: "the layout's convention, or the one that the folder follows",
  },
  history: { shape: history, about: "The tool's own record of applied versions.", usual: '' },
  dsn: {
    shape: variableName,
    about: 'Environment variable that holds the connection string. Never the connection string itself.',
    usual: 'the name in upper case with `_DSN` appended (`CORE_DB_DSN`)',
  },
  transaction: {
    shape: choice('transaction mode', ['wrapped', 'message', 'none']),
    about:
      "How a script is sent: `wrapped` in one transaction, as one `message` without a transaction around it, or statement by statement (`none`). With `message` and `none` the tool's own way to cut a file does not count.",
    usual: "as the layout's tool does",
  },
  session: {
    shape: choice('session mode', ['reset', 'shared']),
    about: '`shared`: settings of one migration reach the next ones, as in a tool that keeps one connection for all.',
    usual: '`reset`',
  },
  setup: {
    shape: list(path('path')),
    about: 'SQL files to run before the first migration. They create what the database has before any migration.',
    usual: 'none',
  },
  'stand-ins': {
    shape: record({ name: 'version', value: path('path') }),
    about: 'SQL files that replace migrations written in a programming language, in the proof only.',
    usual: 'none',
  },
  extensions: {
    shape: list(words('extension')),
    about: 'Extensions that the server must offer. If one is missing, the migrations are not judged.',
    usual: 'none',
  },
  irreversible: {
    shape: record({ name: 'version', value: words('reason') }),
    about: 'Migrations that are irreversible on purpose, and why. For merged files; a new file states it itself.',
    usual: 'none',
  },
  unit: {
    shape: choice('unit', UNITS),
    about: 'What is rolled back together: `each` migration, a `range` (one change), or only the whole `chain`.',
    usual: '`proof.unit`',
  },
  journal: {
    shape: choice('journal mode', ['on', 'off']),
    about: "Our journal next to the tool's table, in the schema `migration_gate` of the target database.",
    usual: '`on`',
  },
  production: {
    shape: choice('command', ['deploy', 'up']),
    about: 'Command that may apply migrations in the environment `production`: only `deploy`, or also `up`.',
    usual: '`deploy`',
  },
  impact: { shape: impact(() => 'as for all databases'), about: 'How its impact is watched.', usual: '' },
})

const proof = keys({
  unit: { shape: choice('unit', UNITS), about: 'Default `unit` of all databases.', usual: '`each`' },
  scope: {
    shape: choice('scope', ['changed', 'all']),
    about: 'What to prove on a pull request: the changed migrations and all after them, or `all`.',
    usual: '`changed`',
  },
})

const deploy = keys({
  order: {
    shape: list(words('name')),
    about: 'Order in which databases are deployed. The first is the canary: if it fails, no other is touched.',
    usual: 'as listed here, then by name',
  },
  windows: {
    shape: list(window),
    about: `When deploys may run: \`${WINDOW_FORM}\`, or \`daily\` instead of days.`,
    usual: 'always',
  },
  refs: {
    shape: choice('kind of ref', ['protected', 'any']),
    about: 'Branches and tags that may deploy: only `protected` ones, or `any`.',
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
      'Objects that come and go by themselves, such as partitions: `relation public.events_p*`. They are never compared.',
    usual: 'none',
  },
  'on-failure': {
    shape: choice('word', ['stop', 'offer']),
    about:
      'After a failed step nothing more runs. `stop` reports the commands that continue or roll back. `offer` also tries the rollback of every changed database on a copy, and counts its data loss.',
    usual: '`stop`',
  },
  retention: {
    shape: words('time'),
    about: 'How long backups are kept, for the report.',
    usual: 'not stated',
  },
})

const seeds = keys({
  cost: {
    shape: integer({ what: 'cost of bcrypt', from: 4, to: 16 }),
    about: 'bcrypt cost for `hash` in a seed. Each step up doubles the work.',
    usual: `\`${DEFAULT_SEED_COST}\``,
  },
})

/** The whole file. `rules` are the ids that `checks` accepts. */
export const fileShape = (rules: readonly string[]) =>
  keys({
    databases: {
      shape: record({ name: 'name', value: database }),
      about: 'Databases with settings that differ from the defaults.',
      usual: '',
    },
    ignore: {
      shape: list(path('path')),
      about: 'Folders that are never a database.',
      usual: 'none',
    },
    proof: { shape: proof, about: 'How migrations are proved.', usual: '' },
    impact: { shape: impact((own) => own), about: 'How the impact of migrations is watched.', usual: '' },
    seeds: { shape: seeds, about: 'How seeds are run.', usual: '' },
    deploy: { shape: deploy, about: 'How production is changed.', usual: '' },
    checks: {
      shape: record({ name: 'rule', value: choice('level', [...LEVELS, 'off']), known: rules }),
      about: 'Level of a rule, by its id.',
      usual: "the rule's own",
    },
    waivers: {
      shape: list(waiver(rules)),
      about: `Accepted findings: \`${CONFIG_WAIVER_FORM}\`. The waiver holds through that day.`,
      usual: 'none',
    },
    'max-file-size': { shape: size, about: 'A larger file is a finding.', usual: '`1 MB`' },
  })

type ValueOf<S> = S extends Shape<infer T> ? T : never

/** The value of a valid file. Keys that the file leaves out are missing. */
export type FileValue = ValueOf<ReturnType<typeof fileShape>>
export type DatabaseValue = ValueOf<typeof database>

/** Folder of a database in the config: the given one, or the conventional one. */
export const folderOf = (name: string, value: DatabaseValue): string => value.folder ?? `${DEFAULT_PATH}/${name}`
