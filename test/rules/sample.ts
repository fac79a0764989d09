// Runs the sample of a rule's page as a small project: its files, its base branch, other pull requests, and a check of them.
import { check } from '../../src/commands/check/check.js'
import type { World } from '../../src/commands/shared/context.js'
import type { OpenPull } from '../../src/model/change.js'
import type { Finding } from '../../src/model/finding.js'
import type { SourceFile } from '../../src/model/source.js'
import { compareBytes } from '../../src/model/version.js'
import type { CommitFiles, Files, Repository } from '../../src/ports/files.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { PROOF_RULES } from '../../src/rules/index.js'
import { SAMPLE_TABLES } from '../../src/rules/page.js'
import type { Rule } from '../../src/rules/rule.js'
import { checkRequest, lent } from '../support/check.js'
import { NOTHING } from '../support/nothing.js'
import { brief } from './input.js'
import { sharedServer } from './server.js'

/** Files of samples lie here, but for those outside of the database's folder. */
const FOLDER = 'migrations/core_db'
const CONFIG = 'migration-gate.yml'
const TABLES = 'sample-tables.sql'

/** `now` is the working tree, `base` where the change started, `tip` the newest state of the base branch: bytes by path. */
type Project = {
  readonly now: Map<string, Uint8Array>
  readonly base: Map<string, Uint8Array>
  readonly tip: Map<string, Uint8Array>
  readonly unreadable: Set<string>
  readonly pulls: Map<number, string[]>
}

/** A comment that holds nothing but a file name starts a file. What follows the name says where the file is. */
const HEADER = /^(?:--|#|\/\/) (\S+\.[a-z]+)(?:, (.+))?$/

/**
 * The project that a sample shows. `00002_a.up.sql` is in the working tree; `..., as merged` on the base branch, and in
 * the working tree unless the sample shows it there with another text; `..., merged and deleted here` and `..., merged
 * meanwhile` on the base branch alone; `..., in pull request 7` in another one; `..., permission denied` cannot be read.
 */
export function projectOf(sample: string): Project {
  const project: Project = {
    now: new Map(),
    base: new Map(),
    tip: new Map(),
    unreadable: new Set(),
    pulls: new Map(),
  }
  for (const { name, where, text } of partsOf(sample)) {
    const path = name === CONFIG || name.startsWith('stand-ins/') ? name : `${FOLDER}/${name}`
    const bytes = bytesOf(text)
    const pull = /^in pull request (\d+)$/.exec(where ?? '')?.[1]
    if (pull !== undefined) {
      project.pulls.set(Number(pull), [...(project.pulls.get(Number(pull)) ?? []), path])
      continue
    }
    if (where === undefined || where === 'permission denied') project.now.set(path, bytes)
    else if (where === 'as merged') {
      for (const side of [project.base, project.tip]) side.set(path, bytes)
      if (!project.now.has(path)) project.now.set(path, bytes)
    } else if (where === 'merged and deleted here') {
      for (const side of [project.base, project.tip]) side.set(path, bytes)
    } else if (where === 'merged meanwhile') project.tip.set(path, bytes)
    else throw new Error(`a sample says "${where}" of ${name}, which means nothing`)
    if (where === 'permission denied') project.unreadable.add(path)
  }
  return project
}

type Part = { readonly name: string; readonly where: string | undefined; readonly text: string }

function partsOf(sample: string): readonly Part[] {
  const parts: { name: string; where: string | undefined; lines: string[] }[] = []
  for (const line of sample.split('\n')) {
    const [, name, where] = HEADER.exec(line) ?? []
    if (name !== undefined) parts.push({ name, where, lines: [] })
    else if (parts.length === 0) throw new Error(`a sample begins with a comment that names a file, not with: ${line}`)
    else parts.at(-1)?.lines.push(line)
  }
  return parts.map(({ name, where, lines }) => ({
    name,
    where,
    text: lines.length === 0 ? '' : `${lines.join('\n')}\n`,
  }))
}

/** `<U+FEFF>`, `<0xFC>`, `<CR>` and `<60000 rows>` replace what a page cannot show. */
function bytesOf(text: string): Uint8Array {
  const shown = text
    .replaceAll('<U+FEFF>', '\uFEFF')
    .replaceAll('<CR>', '\r')
    .replaceAll(/<(\d+) rows>/g, (_, count: string) =>
      Array.from({ length: Number(count) }, () => "('DE', 'Germany')").join(', '),
    )
  const pieces = shown.split(/<0x([0-9A-F]{2})>/)
  return Buffer.concat(pieces.map((piece, i) => (i % 2 === 0 ? Buffer.from(piece, 'utf8') : Buffer.from(piece, 'hex'))))
}

/** Rules whose samples are proved: those about proofs, and one that a proof can satisfy. */
const PROVED = new Set([...PROOF_RULES.map(({ id }) => id), 'code-migration'])

/** What a check finds in a sample of a rule: all findings, of other rules too. */
export async function findingsOfSample(sample: string, rule: Rule): Promise<readonly Finding[]> {
  const server = PROVED.has(rule.id) ? await sharedServer() : undefined
  const project = projectOf(sample)
  for (const side of [project.now, project.base, project.tip]) {
    side.set(TABLES, Buffer.from(SAMPLE_TABLES))
    if (!project.now.has(CONFIG) || side !== project.now) side.set(CONFIG, Buffer.from(configFor(rule)))
  }
  const compared = project.tip.size > 2 || project.pulls.size > 0
  const request = checkRequest({
    proof: server === undefined ? 'none' : 'guided',
    ...(compared && {
      against: { event: 'pull request', number: 9, branch: 'main', base: BASE, head: HEAD, fork: false },
    }),
  })
  const { findings, databases } = await check(request, worldOf(project, server))
  const failed = databases.find(({ notProved }) => notProved !== undefined)
  if (failed !== undefined) throw new Error(`a sample of ${rule.id} could not be proved: ${failed.notProved ?? ''}`)
  return findings
}

/** A rule that is off by default is on. */
const configFor = ({ id, level }: Rule): string =>
  `databases:\n  core_db:\n    setup: [${TABLES}]\n${level === 'off' ? `checks:\n  ${id}: warning\n` : ''}`

const HEAD = '1'.repeat(40)
const BASE = '2'.repeat(40)
const TIP = '3'.repeat(40)

const NOW = Date.UTC(2026, 5, 1)

const worldOf = (project: Project, server: ScratchServer | undefined): World => ({
  ...NOTHING,
  clock: { ...NOTHING.clock, now: () => NOW },
  files: { ...filesIn(project.now, project.unreadable), ...READ_ONLY },
  repository: repositoryOf(project),
  forge: { openPulls: () => Promise.resolve({ pulls: pullsOf(project), notSeen: [] }) } as unknown as World['forge'],
  ...(server && { startServer: () => Promise.resolve(lent(server)) }),
})

const pullsOf = ({ pulls }: Project): readonly OpenPull[] =>
  [...pulls].map(([number, paths]) => ({
    number,
    title: 'Add phone',
    url: '',
    author: 'octocat',
    files: paths.map((path) => ({ path, status: 'added' as const })),
  }))

const filesIn = (
  files: ReadonlyMap<string, Uint8Array>,
  unreadable: ReadonlySet<string> = new Set(),
): CommitFiles & Pick<Files, 'kind' | 'linked'> => {
  const below = (folder: string): readonly string[] =>
    [...files.keys()].filter((path) => folder === '.' || path.startsWith(`${folder}/`)).toSorted(compareBytes)
  return {
    kind: (path) => Promise.resolve(files.has(path) ? 'file' : below(path).length > 0 ? 'folder' : undefined),
    tree: (folder) => Promise.resolve(below(folder).length > 0 ? below(folder) : undefined),
    linked: () => Promise.resolve([]),
    read: (path, folder) => Promise.resolve(sourceOf(path, folder, unreadable.has(path) ? undefined : files.get(path))),
  }
}

const sourceOf = (path: string, folder: string, bytes: Uint8Array | undefined): SourceFile => ({
  path,
  name: folder === '.' || folder === '' ? path : path.slice(folder.length + 1),
  bytes: bytes ?? new Uint8Array(),
  text: bytes === undefined ? '' : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
  unreadable: bytes === undefined ? 'permission denied' : undefined,
})

const READ_ONLY: Pick<Files, 'write' | 'create'> = {
  write: (path) => Promise.reject(new Error(`a sample writes ${path}`)),
  create: (path) => Promise.reject(new Error(`a sample writes ${path}`)),
}

const repositoryOf = ({ base, tip }: Project): Repository => ({
  trouble: () => Promise.resolve(undefined),
  commit: (name) => Promise.resolve(name === 'HEAD' ? HEAD : name === 'FETCH_HEAD' ? TIP : name),
  parents: () => Promise.resolve([]),
  fetchCommit: () => Promise.resolve(undefined),
  fetchMergeBase: () => Promise.resolve(BASE),
  newestTag: () => Promise.resolve(undefined),
  at: (commit) => filesIn(commit === TIP ? tip : base),
})

/** What one rule finds in a sample, in brief. */
export const sampleFindings = async (rule: Rule, sample: string): Promise<readonly string[]> =>
  brief((await findingsOfSample(sample, rule)).filter((finding) => finding.rule === rule.id))
