// The input of a rule from files that a test states, read by the real layouts, and what the rules find in it.
import type { Config, HistoryKind } from '../../src/model/config.js'
import type { Finding } from '../../src/model/finding.js'
import type { ChangeInput, RuleInput } from '../../src/rules/rule.js'
import { runRules } from '../../src/rules/run.js'
import type { UpEffects } from '../../src/catalog/up-effect.js'
import type { LayoutName, Migration } from '../../src/model/migration.js'
import type { DatabaseReport, Proof } from '../../src/report/check-report.js'
import type { SourceFile } from '../../src/model/source.js'
import { toolNamed, tools } from '../../src/tools/tools.js'

const FOLDER = 'migrations/core_db'

export type Content = string | Uint8Array

/** A file as the files port would read it. */
export function sourceFile(name: string, content: Content, unreadable?: string): SourceFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  return { path: `${FOLDER}/${name}`, name, bytes, text, unreadable }
}

export type Options = {
  readonly naming?: string
  readonly maxFileBytes?: number
  readonly layout?: LayoutName
  readonly kind?: 'schema' | 'seed'
  /** The tool in the config. */
  readonly history?: HistoryKind | undefined
  readonly proofs?: Readonly<Record<string, Partial<Proof>>>
  readonly report?: Partial<DatabaseReport>
  readonly effects?: UpEffects
}

const PROOF: Proof = {
  up: 'ok',
  down: 'same',
  again: 'same',
  differences: [],
  againDifferences: [],
  failure: undefined,
  reason: undefined,
  toldAt: undefined,
  milliseconds: 1,
}

/** What the checks get for these files; `proofs` are by migration id, and only those were proved. */
export function inputOf(files: readonly SourceFile[], options: Options = {}): RuleInput {
  const tool = tools.find((one) =>
    options.layout === undefined ? one.files.recognise(files).migrations > 0 : one.name === options.layout,
  )
  if (tool === undefined) throw new Error('no layout knows these files')
  const { naming, maxFileBytes = 1_000_000, proofs = {} } = options
  const stream = tool.files.read(files, {
    kind: options.kind ?? 'schema',
    config: { transaction: undefined, irreversible: {}, naming, history: { kind: options.history, table: undefined } },
    environment: {},
  })
  const report: DatabaseReport = {
    name: 'core_db',
    folder: FOLDER,
    layout: tool.name,
    layoutReason: '',
    unit: 'each',
    chain: undefined,
    ignored: stream.ignored,
    notProved: undefined,
    milliseconds: 0,
    ...options.report,
    migrations: stream.migrations.map(({ id, version, name, kind, irreversible }) => {
      const proof = proofs[id]
      return {
        id,
        version,
        name,
        kind,
        files: [],
        irreversible: irreversible?.reason,
        proof: proof === undefined ? undefined : { ...PROOF, ...proof },
      }
    }),
  }
  return {
    database: 'core_db',
    folder: FOLDER,
    now: 0,
    effects: options.effects ?? new Map(),
    tool,
    naming,
    maxFileBytes,
    files,
    report,
    migrations: stream.migrations,
    problems: stream.problems,
  }
}

/** Files by name, as text. */
export const filesOf = (files: Readonly<Record<string, Content>>): readonly SourceFile[] =>
  Object.entries(files).map(([name, content]) => sourceFile(name, content))

/** An up and a down without a finding. */
export const pair = (id: string): Readonly<Record<string, string>> => ({
  [`${id}.up.sql`]: 'CREATE TABLE t (a int);\n',
  [`${id}.down.sql`]: 'DROP TABLE t;\n',
})

export type Input = Options & { readonly levels?: Config['checks'] }

/** What all rules find in these files. */
export const findings = (files: Readonly<Record<string, Content>>, options: Input = {}): readonly Finding[] =>
  runRules({ input: inputOf(filesOf(files), options), levels: options.levels ?? {} })

/** Level, rule, place and message of each finding, on one line. */
export const brief = (found: readonly Finding[]): readonly string[] =>
  found.map(({ rule, level, place, message }) => {
    const file = place?.file.split('/').at(-1) ?? '-'
    return `${level} ${rule} ${file}:${place?.line ?? 0}:${place?.column ?? 0} ${message}`
  })

/** What one rule finds in these files, in brief. */
export const of = (rule: string, files: Readonly<Record<string, Content>>, options: Input = {}): readonly string[] =>
  brief(findings(files, options).filter((finding) => finding.rule === rule))

/** The input for migrations without files, with what a proof showed of them. */
export const inputOfMigrations = (
  migrations: readonly Migration[],
  proved: Pick<DatabaseReport, 'migrations' | 'chain'> = { migrations: [], chain: undefined },
  change?: ChangeInput,
): RuleInput => ({
  database: 'core_db',
  folder: FOLDER,
  now: 0,
  tool: toolNamed('pairs'),
  naming: undefined,
  maxFileBytes: 1_000_000,
  files: [],
  migrations,
  problems: [],
  effects: new Map(),
  change,
  report: {
    name: 'core_db',
    folder: FOLDER,
    layout: 'pairs',
    layoutReason: '',
    unit: 'each',
    ignored: [],
    notProved: undefined,
    milliseconds: 0,
    ...proved,
  },
})
