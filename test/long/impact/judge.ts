// What the program says about cases, and where that is not the truth.
import type { ScratchServer } from '../../../src/ports/scratch.js'
import type { Impact } from '../../../src/impact/facts.js'
import type { LockMode } from '../../../src/impact/lock-modes.js'
import type { Level } from '../../../src/model/finding.js'
import { inLanes } from '../../support/lanes.js'
import type { LiveServer } from '../../support/live.js'
import { checkRepo } from '../../support/check-repo.js'
import { makeRepo } from '../../support/git.js'
import type { Case } from './case.js'
import { baseFiles, changedFiles, JUDGED } from './files.js'
import { lockWords } from './stage.js'
import { measure, type Truth } from './truth.js'

/** `findings` are those of the judged migration; `up` and `down` are the facts about its scripts, undefined where there are none. */
export type Answer = {
  readonly findings: readonly { readonly rule: string; readonly level: Level; readonly message: string }[]
  readonly up: Impact | undefined
  readonly down: Impact | undefined
}

/** A part of the report that is not as it should be. `what`: which part. */
export type Miss = {
  readonly name: string
  readonly what: 'rule' | 'false alarm' | 'locks' | 'clients'
  readonly expected: string
  readonly said: string
}

/** One check of a change that adds the migrations of all cases, as databases of one repository. By name of the case. */
export async function askProgram(server: ScratchServer, cases: readonly Case[]): Promise<ReadonlyMap<string, Answer>> {
  const repo = makeRepo(Object.assign({}, ...cases.map(baseFiles)) as Record<string, string>)
  try {
    for (const each of cases) repo.write(changedFiles(each))
    const report = await checkRepo(repo, server)
    return new Map(
      cases.map(({ name }) => {
        const judged = report.databases
          .find((database) => database.name === name)
          ?.migrations.find(({ id }) => id === JUDGED)
        const findings = report.findings.filter(({ database, migration }) => database === name && migration === JUDGED)
        return [name, { findings, up: judged?.impact?.up, down: judged?.impact?.down }]
      }),
    )
  } finally {
    repo.remove()
  }
}

/** Measures the truth of the cases that the server can run, asks the program, and compares. */
export async function examine(live: LiveServer, cases: readonly Case[]): Promise<readonly Miss[]> {
  const here = cases.filter(({ since = 0 }) => since <= live.cluster.report.major)
  const truths = await inLanes(4, here, (each) => measure(each, live))
  const answers = await askProgram(live.server, here)
  return here.flatMap((each, at) => {
    const truth = truths[at]
    const answer = answers.get(each.name)
    if (truth === undefined || answer === undefined) throw new Error(`${each.name} was not examined`)
    return missesOf(each, truth, answer)
  })
}

/** Rules about what a migration does to rows and clients. `up-fails` counts: the rows of the base are part of its proof. */
const COUNTED: ReadonlySet<string> = new Set([
  'table-rewrite',
  'blocking-scan',
  'blocking-index-build',
  'lock-held',
  'lock-order',
  'mass-change',
  'fails-on-rows',
  'down-fails-on-rows',
  'loses-rows',
  'down-loses-rows',
  'breaks-clients',
  'changes-clients',
  'left-invalid',
  'foreign-key-without-index',
  'opens-access',
  'up-fails',
])

/** A report about these is right as a note. */
const NOTES: ReadonlySet<string> = new Set([
  'lock-order',
  'down-loses-rows',
  'changes-clients',
  'foreign-key-without-index',
  'left-invalid',
])

const missesOf = (each: Case, truth: Truth, answer: Answer): readonly Miss[] => [
  ...ruleMisses(each, answer),
  ...(truth.fails === undefined ? factMisses(each, truth, answer.up) : []),
]

function ruleMisses({ name, expects }: Case, { findings }: Answer): readonly Miss[] {
  const loud = findings.filter(({ rule, level }) => COUNTED.has(rule) && level !== 'note')
  if (expects === 'quiet')
    return loud.map(({ rule, level, message }) => ({
      name,
      what: 'false alarm',
      expected: '',
      said: `${level} ${rule}: ${message}`,
    }))
  const right = [expects.rule, ...(expects.or ?? []), ...(expects.rule === 'fails-on-rows' ? ['up-fails'] : [])]
  const isFound = findings.some(({ rule, level }) => right.includes(rule) && (level !== 'note' || NOTES.has(rule)))
  const said = findings.filter(({ rule }) => COUNTED.has(rule)).map(({ rule, level }) => `${level} ${rule}`)
  return isFound ? [] : [{ name, what: 'rule', expected: right.join(' or '), said: said.join(', ') }]
}

function factMisses({ name }: Case, truth: Truth, up: Impact | undefined): readonly Miss[] {
  const isTable = new Set([...truth.holds.keys()])
  const holds = new Map<string, LockMode>()
  const toTheEnd = new Map<string, LockMode>()
  for (const { relation, kind, mode, until } of up?.holds ?? []) {
    if (!isTable.has(relation) && kind !== 'table' && kind !== 'partitioned table') continue
    holds.set(relation, mode)
    if (until === undefined) toTheEnd.set(relation, mode)
  }
  const held = new Map([...truth.holds].filter(([relation, mode]) => truth.kept?.get(relation) === mode))
  const tables = new Set(up?.relations.filter(({ kind }) => kind === 'view').map(({ relation }) => relation))
  const refused = (up?.refused ?? []).filter((says) => !tables.has(says.slice(says.indexOf(' ') + 1)))
  return [
    ...difference(name, 'locks', lockWords(truth.holds), lockWords(holds)),
    ...(truth.kept === undefined
      ? []
      : difference(name, 'locks', lockWords(held).map(atEnd), lockWords(toTheEnd).map(atEnd))),
    ...(truth.refused === undefined ? [] : difference(name, 'clients', truth.refused, refused.toSorted())),
  ]
}

const atEnd = (words: string): string => `${words} at the end`

function difference(
  name: string,
  what: Miss['what'],
  expected: readonly string[],
  said: readonly string[],
): readonly Miss[] {
  const lacking = expected.filter((words) => !said.includes(words))
  const surplus = said.filter((words) => !expected.includes(words))
  if (lacking.length === 0 && surplus.length === 0) return []
  return [{ name, what, expected: lacking.join(', '), said: surplus.join(', ') }]
}

/** As lines of a table, for people. */
export const missTable = (misses: readonly Miss[]): string =>
  misses.map(({ name, what, expected, said }) => `${name} | ${what} | expected: ${expected} | said: ${said}`).join('\n')
