// Reads the samples of the rules' pages as files, with the real layouts.
import type { RuleInput } from '../../src/rules/rule.js'
import type { UpEffects } from '../../src/catalog/up-effect.js'
import type { LayoutName } from '../../src/model/migration.js'
import type { DatabaseReport, Proof } from '../../src/report/check-report.js'
import type { SourceFile } from '../../src/model/source.js'
import { layouts } from '../../src/tools/detect-layout.js'

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
  const layout = layouts.find((l) =>
    options.layout === undefined ? l.recognise(files).migrations > 0 : l.name === options.layout,
  )
  if (layout === undefined) throw new Error('no layout knows these files')
  const { naming, maxFileBytes = 1_000_000, proofs = {} } = options
  const stream = layout.read(files, {
    kind: options.kind ?? 'schema',
    config: { transaction: undefined, irreversible: {}, naming },
    environment: {},
  })
  const report: DatabaseReport = {
    name: 'core_db',
    folder: FOLDER,
    layout: layout.name,
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
    effects: options.effects ?? new Map(),
    layout: layout.name,
    naming,
    maxFileBytes,
    files,
    report,
    migrations: stream.migrations,
    problems: stream.problems,
  }
}

/** Name and content of every file of a page's sample: `-- 00002_x.up.sql` alone on a line starts one. */
export function filesOfSample(sample: string): readonly SourceFile[] {
  const parts = sample.split(/^-- (\S+\.sql)$\n?/m).slice(1)
  return parts.flatMap((name, i) => (i % 2 === 0 ? [sourceFile(name, bytesOf(parts[i + 1] ?? ''))] : []))
}

/** `<U+FEFF>`, `<0xFC>`, `<CR>` and `<100000 rows>` stand for what a page cannot show. */
function bytesOf(text: string): Uint8Array {
  const shown = text
    .replaceAll('<U+FEFF>', '\uFEFF')
    .replaceAll('<CR>', '\r')
    .replaceAll('<100000 rows>', () => `INSERT INTO countries (code) VALUES ('DE');\n`.repeat(100_000))
  const pieces = shown.split(/<0x([0-9A-F]{2})>/)
  return Buffer.concat(pieces.map((piece, i) => (i % 2 === 0 ? Buffer.from(piece, 'utf8') : Buffer.from(piece, 'hex'))))
}

/** Files by name, as text. */
export const filesOf = (files: Readonly<Record<string, Content>>): readonly SourceFile[] =>
  Object.entries(files).map(([name, content]) => sourceFile(name, content))
