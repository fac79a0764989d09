// Reads the settings: the config file, if there is one, with defaults for the rest.
import type { Config, DatabaseConfig, DeployRules, ImpactSettings, Unit } from '../model/config.js'
import { UserError } from '../model/errors.js'
import type { Files } from '../ports/files.js'
import { conventionalDatabase } from './discover.js'
import {
  CONFIG_FILE,
  DEFAULT_MAX_FILE_BYTES,
  DEFAULT_SEED_COST,
  folderOf,
  type DatabaseValue,
  type FileValue,
} from './keys.js'
import { parseConfig, type ParsedFile } from './parse.js'
import { ConfigError, type ConfigProblem } from './problem.js'

/** `ignore`: folders that are no database. `unit`: the default for every database. */
export type Settings = Config & {
  readonly ignore: readonly string[]
  readonly unit: Unit
  /** What is proved of a change. */
  readonly scope: 'changed' | 'all'
  readonly deploy: DeployRules
}

/**
 * Reads `file`, or the default one if it exists. Rejects with a ConfigError that lists every problem, or with a UserError
 * when the named file cannot be read.
 */
export async function readSettings(options: {
  readonly files: Files
  readonly file: string | undefined
  readonly rules: readonly string[]
}): Promise<Settings> {
  const { files, rules } = options
  const file = options.file ?? CONFIG_FILE
  if (options.file === undefined && (await files.kind(file)) === undefined) {
    await refuseOtherSpelling(files)
    return settingsOf(undefined, {}, () => ({ file, line: 1, column: 1 }))
  }
  const source = await files.read(file, file.slice(0, Math.max(0, file.lastIndexOf('/'))))
  if (source.unreadable !== undefined) {
    const [remedy, name] =
      options.file === undefined ? ['Make it readable, or remove it', ''] : ['Name a file', ' that is there']
    throw new UserError({
      kind: 'use',
      what: `the config file ${file} cannot be read: ${source.unreadable}`,
      fix: `${remedy}${name}; without a config file the defaults apply.`,
    })
  }
  const parsed = parseConfig({ file, text: source.text.replace(/^\uFEFF/, ''), rules })
  const problems = [...parsed.problems, ...(await missingFiles(files, parsed))]
  if (problems.length > 0) throw new ConfigError(file, problems)
  return settingsOf(file, parsed.value, parsed.placeOf)
}

const OTHER_SPELLINGS = ['migration-gate.yaml', '.migration-gate.yml', '.migration-gate.yaml', 'migration_gate.yml']

/** A config file with a wrong name would silently not apply. */
async function refuseOtherSpelling(files: Files): Promise<void> {
  for (const name of OTHER_SPELLINGS) {
    if ((await files.kind(name)) !== 'file') continue
    const fix = `Rename it to ${CONFIG_FILE}, or give --config ${name}.`
    throw new UserError({ kind: 'use', what: `${name} is not read: the config file must be named ${CONFIG_FILE}`, fix })
  }
}

const USUAL_IMPACT: ImpactSettings = {
  level: 'error',
  fixtures: undefined,
  fill: 'full',
  timezone: undefined,
  ignore: [],
}

function settingsOf(file: string | undefined, value: FileValue, placeOf: ParsedFile['placeOf']): Settings {
  const unit = value.proof?.unit ?? 'each'
  return {
    file,
    databases: Object.entries(value.databases ?? {}).map(([name, database]) => databaseOf({ name, database, unit })),
    checks: value.checks ?? {},
    waivers: (value.waivers ?? []).map((waiver, i) => ({
      ...waiver,
      place: placeOf(['waivers', String(i)]),
      file: undefined,
    })),
    scope: value.proof?.scope ?? 'changed',
    maxFileBytes: value['max-file-size'] ?? DEFAULT_MAX_FILE_BYTES,
    seedCost: value.seeds?.cost ?? DEFAULT_SEED_COST,
    impact: { ...USUAL_IMPACT, ...value.impact },
    ignore: value.ignore ?? [],
    unit,
    deploy: {
      order: value.deploy?.order ?? [],
      windows: value.deploy?.windows ?? [],
      ignore: value.deploy?.ignore ?? [],
      refs: value.deploy?.refs ?? 'protected',
      check: value.deploy?.check,
      retention: value.deploy?.retention,
      onFailure: value.deploy?.['on-failure'] ?? 'stop',
    },
  }
}

function databaseOf(options: { name: string; database: DatabaseValue; unit: Unit }): DatabaseConfig {
  const { name, database, unit } = options
  const folder = folderOf(name, database)
  const defaults = conventionalDatabase({ name, folder, unit })
  return {
    ...defaults,
    layout: database.layout,
    naming: database.naming,
    history: { kind: database.history?.kind, table: database.history?.table },
    dsn: database.dsn ?? defaults.dsn,
    transaction: database.transaction,
    session: database.session ?? defaults.session,
    setup: database.setup ?? defaults.setup,
    standIns: database['stand-ins'] ?? defaults.standIns,
    extensions: database.extensions ?? defaults.extensions,
    irreversible: database.irreversible ?? defaults.irreversible,
    unit: database.unit ?? unit,
    journal: database.journal ?? defaults.journal,
    production: database.production ?? defaults.production,
    ...(database.impact && { impact: database.impact }),
  }
}

type ExpectedPath = { readonly key: readonly string[]; readonly path: string; readonly kind: 'file' | 'folder' }

/** One problem for each folder or file that the config file names and that does not exist. */
async function missingFiles(files: Files, parsed: ParsedFile): Promise<readonly ConfigProblem[]> {
  const wrong = new Set(parsed.problems.map(({ key }) => key))
  const { databases = {}, impact } = parsed.value
  const wanted = [
    ...fixtures(impact, []),
    ...Object.entries(databases).flatMap(([name, value]) => expectedPaths(name, value)),
  ]
  const found = await Promise.all(
    wanted
      // A folder with an invalid value is a problem already; the default folder was not meant.
      .filter(({ key }) => !wrong.has([...key, 'folder'].join('.')))
      .map(async (item) => ({ ...item, is: await files.kind(item.path) })),
  )
  return found
    .filter(({ kind, is }) => kind !== is)
    .map(({ key, path, kind, is }) => {
      const message = is === undefined ? `there is no ${kind} ${path}` : `${path} is not a ${kind}`
      return { place: parsed.placeOf(key), key: key.join('.'), message }
    })
}

const fixtures = (impact: DatabaseValue['impact'], above: readonly string[]): readonly ExpectedPath[] =>
  impact?.fixtures === undefined
    ? []
    : [{ key: [...above, 'impact', 'fixtures'], path: impact.fixtures, kind: 'folder' }]

function expectedPaths(name: string, value: DatabaseValue): readonly ExpectedPath[] {
  const at = (...rest: readonly string[]): readonly string[] => ['databases', name, ...rest]
  return [
    { key: value.folder === undefined ? at() : at('folder'), path: folderOf(name, value), kind: 'folder' },
    ...(value.setup ?? []).map((path, i): ExpectedPath => ({ key: at('setup', String(i)), path, kind: 'file' })),
    ...fixtures(value.impact, at()),
    ...Object.entries(value['stand-ins'] ?? {}).map(([version, path]): ExpectedPath => ({
      key: at('stand-ins', version),
      path,
      kind: 'file',
    })),
  ]
}
