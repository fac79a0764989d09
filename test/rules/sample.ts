// Runs the sample of a rule's page as a small project: its files, its base branch, other pull requests, and a check of them.
import type { Finding } from '../../src/model/finding.js'
import { IMPACT_RULES, PROOF_RULES } from '../../src/rules/index.js'
import { SAMPLE_TABLES } from '../../src/rules/page.js'
import type { Rule } from '../../src/rules/rule.js'
import { brief } from './input.js'
import { checkProject, type Project } from './project.js'
import { sharedServer } from './server.js'

/** Files of samples lie here, but for those outside of the database's folder. */
const FOLDER = 'migrations/core_db'
const CONFIG = 'migration-gate.yml'
const TABLES = 'sample-tables.sql'

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

/** Rules whose samples are proved: those about proofs and what a proof watches, and one that a proof can satisfy. */
const PROVED = new Set([...[...PROOF_RULES, ...IMPACT_RULES].map(({ id }) => id), 'code-migration'])

/** Rules whose samples are watched on a database in use. */
const WATCHED = new Set(IMPACT_RULES.map(({ id }) => id))

/** What a check finds in a sample of a rule: all findings, of other rules too. */
export async function findingsOfSample(sample: string, rule: Rule): Promise<readonly Finding[]> {
  const server = PROVED.has(rule.id) ? await sharedServer() : undefined
  const project = projectOf(sample)
  for (const side of [project.now, project.base, project.tip]) {
    side.set(TABLES, Buffer.from(SAMPLE_TABLES))
    if (!project.now.has(CONFIG) || side !== project.now) side.set(CONFIG, Buffer.from(configFor(rule)))
  }
  const compared = project.tip.size > 2 || project.pulls.size > 0
  const { findings, databases } = await checkProject(project, {
    compared,
    server,
    impact: WATCHED.has(rule.id) ? 'measured' : 'none',
  })
  const failed = databases.find(({ notProved }) => notProved !== undefined)
  if (failed !== undefined) throw new Error(`a sample of ${rule.id} could not be proved: ${failed.notProved ?? ''}`)
  return findings
}

/** A rule that is off by default is on. */
const configFor = ({ id, level }: Rule): string =>
  `databases:\n  core_db:\n    setup: [${TABLES}]\n${level === 'off' ? `checks:\n  ${id}: warning\n` : ''}`

/** What one rule finds in a sample, in brief. */
export const sampleFindings = async (rule: Rule, sample: string): Promise<readonly string[]> =>
  brief((await findingsOfSample(sample, rule)).filter((finding) => finding.rule === rule.id))
