// Every key of the config file, once: the reader, the JSON Schema and the table in the documentation come from here.
import { CONFIG_WAIVER_FORM } from '../model/waiver.js'
import { WINDOW_FORM } from '../model/deploy-windows.js'
import { LEVELS } from '../model/finding.js'
import { choice, keys, list, record, type Shape } from '../schema/shape.js'
import { histories } from '../tools/histories.js'
import { ours } from '../tools/pairs/own-history.js'
import { tools } from '../tools/tools.js'
import { integer, path, regularExpression, size, variableName, waiver, window, words } from './values.js'

/** Where the config file stands when nobody says otherwise. */
export const CONFIG_FILE = 'migration-gate.yml'

/** The input that is looked at when no path is given. */
export const DEFAULT_PATH = 'migrations'

/** Bytes; larger migrations are told. */
export const DEFAULT_MAX_FILE_BYTES = 1_000_000

/** What bcrypt takes a tenth of a second for; OWASP's Password Storage Cheat Sheet asks for at least 10. */
export const DEFAULT_SEED_COST = 10

const UNITS = ['each', 'range', 'chain'] as const

const history = keys({
  kind: {
    shape: choice(
      'history kind',
      histories.filter((one) => one !== ours).map(({ kind }) => kind),
    ),
    about: 'The tool whose table of applied versions is read and written.',
    usual: 'the one that the database has, else that of the layout (`pairs`: golang-migrate)',
  },
  table: {
    shape: words('table name'),
    about: 'That table, where it is not the one the tool makes by itself.',
    usual: "the tool's own",
  },
})

const database = keys({
  folder: {
    shape: path('path'),
    about: 'Folder with the migrations, from the repository root. Seeds stand in its folder `seeds`.',
    usual: `\`${DEFAULT_PATH}/<name>\``,
  },
  layout: {
    shape: choice(
      'layout',
      tools.map(({ name }) => name),
    ),
    about: 'How the files express migrations.',
    usual: 'found out from the files',
  },
  naming: {
    shape: regularExpression,
    about: 'What every file name must match.',
    usual: "the layout's own convention, or the one that the folder follows",
  },
  history: { shape: history, about: "The tool's own record of what was applied.", usual: '' },
  dsn: {
    shape: variableName,
    about: 'Environment variable that holds the connection string. Never the connection string itself.',
    usual: 'the name in upper case with `_DSN` behind it (`CORE_DB_DSN`)',
  },
  transaction: {
    shape: choice('transaction mode', ['wrapped', 'message', 'none']),
    about:
      'How a script is sent: `wrapped` in one transaction, as one `message` without one around it, or `none`: statement by statement.',
    usual: 'as the tool of the layout does',
  },
  session: {
    shape: choice('session mode', ['reset', 'shared']),
    about: '`shared`: settings of one migration reach the next ones, as with a tool that keeps one connection for all.',
    usual: '`reset`',
  },
  setup: {
    shape: list(path('path')),
    about: 'SQL files that are run before the first migration: what the database has before any of them.',
    usual: 'nothing',
  },
  'stand-ins': {
    shape: record({ name: 'version', value: path('path') }),
    about: 'SQL files that are run in the proof in place of migrations written in a programming language.',
    usual: 'nothing',
  },
  extensions: {
    shape: list(words('extension')),
    about: 'Extensions that the server must offer. Without them nothing is said about the migrations.',
    usual: 'nothing',
  },
  irreversible: {
    shape: record({ name: 'version', value: words('reason') }),
    about: 'Migrations that cannot be taken back on purpose, and why. For merged files; a new one says it itself.',
    usual: 'nothing',
  },
  unit: {
    shape: choice('unit', UNITS),
    about: 'What is taken back in one go: `each` migration, a `range` that is one change, or the whole `chain` only.',
    usual: '`proof.unit`',
  },
  journal: {
    shape: choice('journal mode', ['on', 'off']),
    about: "Our own record beside the tool's table, in the schema `migration_gate` of the target.",
    usual: '`on`',
  },
  production: {
    shape: choice('command', ['deploy', 'up']),
    about: 'Which command may apply where the environment is `production`: only `deploy`, or the everyday `up` too.',
    usual: '`deploy`',
  },
})

const proof = keys({
  unit: { shape: choice('unit', UNITS), about: 'The unit of every database that names none.', usual: '`each`' },
  scope: {
    shape: choice('scope', ['changed', 'all']),
    about: 'What is proved of a pull request: what it touches and all after that, or `all`.',
    usual: '`changed`',
  },
})

const deploy = keys({
  order: {
    shape: list(words('name')),
    about: 'In which order databases are deployed. The first one is the canary: when it fails, no other is touched.',
    usual: 'as they stand here, then by name',
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
    about: 'Name of the check run (or commit status) that has to have passed for the commit.',
    usual: 'none',
  },
  ignore: {
    shape: list(words('pattern')),
    about:
      'Objects that come and go by themselves, as partitions do: `relation public.events_p*`. They are never compared.',
    usual: 'nothing',
  },
  'on-failure': {
    shape: choice('word', ['stop', 'offer']),
    about:
      'After a step that failed nothing more is run. `stop` tells the commands that go on or take back; `offer` also tries the way back of every database that was changed on a copy of it, and counts what would be lost.',
    usual: '`stop`',
  },
  retention: {
    shape: words('time'),
    about: 'How long backups are kept, for the report.',
    usual: 'not said',
  },
})

const seeds = keys({
  cost: {
    shape: integer({ what: 'cost of bcrypt', from: 4, to: 16 }),
    about: 'Cost of bcrypt for `hash` in a seed; one more is twice the work.',
    usual: `\`${DEFAULT_SEED_COST}\``,
  },
})

/** The whole file. `rules` are the ids that may stand under `checks`. */
export const fileShape = (rules: readonly string[]) =>
  keys({
    databases: {
      shape: record({ name: 'name', value: database }),
      about: 'The databases for which something differs from what is found in the repository.',
      usual: '',
    },
    ignore: {
      shape: list(path('path')),
      about: 'Folders that are never taken for a database.',
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
      about: `Findings that are accepted: \`${CONFIG_WAIVER_FORM}\`, where the last day counts.`,
      usual: 'nothing',
    },
    'max-file-size': { shape: size, about: 'A larger file is a finding.', usual: '`1 MB`' },
  })

type ValueOf<S> = S extends Shape<infer T> ? T : never

/** What a valid file says; whatever it does not say is missing. */
export type FileValue = ValueOf<ReturnType<typeof fileShape>>
export type DatabaseValue = ValueOf<typeof database>

/** Where a database of the config stands: where it says, or in the conventional folder. */
export const folderOf = (name: string, value: DatabaseValue): string => value.folder ?? `${DEFAULT_PATH}/${name}`
