// Every workflow here, and every one shown in the documentation, is safe to copy.
import { describe, expect, test } from '@jest/globals'
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const WORKFLOWS = readdirSync(`${ROOT}.github/workflows`).map((name) => `.github/workflows/${name}`)
const CALLERS = readdirSync(`${ROOT}examples/workflows`).map((name) => `examples/workflows/${name}`)
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/ARCHITECTURE.md',
  'docs/pull-requests.md',
  'docs/deploy.md',
  'docs/rollback.md',
  'docs/restore.md',
]

const readText = (path: string): string => readFileSync(ROOT + path, 'utf8')
const yamlIn = (path: string): readonly string[] =>
  [...readText(path).matchAll(/^```ya?ml\n([^]*?)^```/gm)].map((found) => found[1] ?? '')
const usesIn = (yaml: string): readonly string[] =>
  [...yaml.matchAll(/^[\s-]*uses:[ \t]*(.*)$/gm)].map((found) => (found[1] ?? '').trim())

/** Our own action in the documentation has no commit yet that could be named. */
const PINNED =
  /^(?:\.\/|\$\/|OWNER\/pg-migration-gate(?:\/\.github\/workflows\/\w+\.yml)?@COMMIT\b|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/

/** Steps are what lists hold; an input may be called `run` as well. */
const scriptsIn = (node: unknown): readonly string[] => {
  if (typeof node !== 'object' || node === null) return []
  const own = Object.values(node).flatMap(scriptsIn)
  if (!Array.isArray(node)) return own
  return [
    ...own,
    ...(node as readonly (Step | string | null)[]).flatMap((step) =>
      typeof step === 'object' ? (step?.run ?? []) : [],
    ),
  ]
}

type Step = { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, unknown>> }
type Service = { readonly options?: string }
type Job = {
  readonly 'runs-on': string
  readonly permissions?: unknown
  readonly 'timeout-minutes'?: number | string
  readonly concurrency?: unknown
  /** Undefined where another workflow is called. */
  readonly steps?: readonly Step[]
  readonly services?: Readonly<Record<string, Service>>
}
type Workflow = {
  readonly permissions: unknown
  readonly concurrency?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

describe.each(WORKFLOWS)('%s', (path) => {
  const text = readText(path)
  // The shape is GitHub's; what is not as expected fails below.
  const workflow = parse(text) as Workflow
  const jobs = Object.values(workflow.jobs)
  const steps = jobs.flatMap((job) => job.steps ?? [])

  test('grants nothing by default, and each job states its own', () => {
    expect(workflow.permissions).toEqual({})
    for (const job of jobs) expect(job.permissions).toBeDefined()
  })

  test('has one run for each branch at a time, and no run without an end', () => {
    for (const job of jobs) expect(workflow.concurrency ?? job.concurrency).toBeDefined()
    for (const job of jobs.filter(({ steps }) => steps !== undefined)) {
      const limit = job['timeout-minutes']
      // A called workflow may leave it to its caller, with a usual value of its own.
      expect(limit === '${{ inputs.timeout-minutes }}' || Number(limit) <= 60).toBe(true)
    }
  })

  test('leaves no token on the disk', () => {
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@') === true)) {
      expect(step.with?.['persist-credentials']).toBe(false)
    }
  })

  test('names the runner image, not the latest one', () => {
    expect(text.match(/^.*\b(?:ubuntu|windows|macos)-latest\b.*$/gm)).toBeNull()
    expect(text).not.toContain('ubuntu-22.04')
  })

  test('asks services for their health over TCP, every second', () => {
    for (const service of jobs.flatMap((job) => Object.values(job.services ?? {}))) {
      expect(service.options).toMatch(/--health-cmd "pg_isready -h 127\.0\.0\.1[^"]*"/)
      expect(service.options).toContain('--health-interval 1s')
    }
  })
})

describe.each([
  ...[...WORKFLOWS, ...CALLERS].map((path) => [path, readText(path)] as const),
  ...DOCUMENTS.flatMap((path) => yamlIn(path).map((yaml, i) => [`${path}, sample ${String(i + 1)}`, yaml] as const)),
])('%s', (_path, yaml) => {
  test('pins what it uses by full commit, with the version beside it', () => {
    for (const uses of usesIn(yaml)) expect(uses).toMatch(PINNED)
  })

  test('puts no expression into a script, and never runs with the rights of the base branch', () => {
    expect(yaml).not.toMatch(/\bpull_request_target\b|allow-unsafe-pr-checkout/)
    expect(scriptsIn(parse(yaml)).filter((script) => script.includes('${{'))).toEqual([])
  })
})

test('the CI covers every major and every Node that is promised', () => {
  const ci = parse(readText('.github/workflows/ci.yml')) as {
    jobs: {
      migrations: { strategy: { matrix: { postgres: string[] } } }
      test: { strategy: { matrix: { include: { node: string }[] } } }
    }
  }
  expect(ci.jobs.migrations.strategy.matrix.postgres).toEqual(['14', '15', '16', '17', '18'])
  expect(ci.jobs.test.strategy.matrix.include.map(({ node }) => node)).toEqual(['20', '22', '24'])
})

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0
const withActionlint = has('actionlint') ? test : test.skip
const withZizmor = has('zizmor') ? test : test.skip

withActionlint('actionlint finds nothing (needs actionlint)', () => {
  expect(execFileSync('actionlint', ['-no-color'], { cwd: ROOT, encoding: 'utf8' })).toBe('')
})

withZizmor('zizmor finds nothing (needs zizmor)', () => {
  const { stdout, status } = spawnSync('zizmor', ['--offline', '--no-progress', '--persona=pedantic', '.'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('No findings to report') })
})
