// The samples of workflows that call ours: the documentation shows their very text, and they name only what is there.
import { describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeRepo } from '../support/git.js'
import { callerOf, CALLERS } from '../workflows/copy.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const WORKFLOWS = readdirSync(`${ROOT}.github/workflows`)
const PAGES = [
  'README.md',
  ...readdirSync(`${ROOT}docs`).flatMap((name) => (name.endsWith('.md') ? `docs/${name}` : [])),
]

const textOf = (name: string): string => readFileSync(`${ROOT}${name}`, 'utf8')

/** What the documentation shows of workflows that call one of ours. */
const SHOWN = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/^```ya?ml\n([^]*?)^```/gm)].flatMap(([, yaml = '']) =>
    yaml.includes('OWNER/pg-migration-gate/.github/workflows/') ? [{ page, yaml }] : [],
  ),
)

test.each(CALLERS)('%s is in the documentation, unchanged', (name) => {
  const text = textOf(`examples/workflows/${name}`)
  expect(PAGES.filter((page) => textOf(page).includes(`\`\`\`yaml\n${text}\`\`\`\n`))).not.toEqual([])
})

test.each(SHOWN)('$page shows a caller that is one of them', ({ yaml }) => {
  expect(CALLERS.map((name) => textOf(`examples/workflows/${name}`))).toContain(yaml)
})

test('each workflow that can be called is called by one of them', () => {
  const callable = WORKFLOWS.filter((name) => textOf(`.github/workflows/${name}`).includes('workflow_call:'))
  const called = CALLERS.flatMap(
    (name) => /\/\.github\/workflows\/([\w-]+\.yml)@/.exec(textOf(`examples/workflows/${name}`))?.[1] ?? [],
  )
  expect(called.toSorted()).toEqual(callable.toSorted())
})

const HAS_ACTIONLINT = spawnSync('actionlint', ['--version']).status === 0
const withActionlint = HAS_ACTIONLINT ? describe : describe.skip

/** What actionlint says of them in a repository with our workflows and the action. */
function lint(change: (text: string) => string = (text) => text): readonly string[] {
  const own = ['action.yml', '.github/actionlint.yaml', ...WORKFLOWS.map((name) => `.github/workflows/${name}`)]
  const repo = makeRepo({
    ...Object.fromEntries(own.map((name) => [name, textOf(name)])),
    ...Object.fromEntries(CALLERS.map((name) => [`.github/workflows/call-${name}`, change(callerOf(name, './'))])),
    'dist/index.js': '',
  })
  try {
    const files = CALLERS.map((name) => path.join('.github/workflows', `call-${name}`))
    const { stdout } = spawnSync('actionlint', ['-no-color', '-oneline', ...files], {
      cwd: repo.path,
      encoding: 'utf8',
    })
    return stdout.split('\n').filter(Boolean)
  } finally {
    repo.remove()
  }
}

withActionlint('actionlint (needs actionlint)', () => {
  test('finds nothing in them', () => {
    expect(lint()).toEqual([])
  })

  test('would find an input that is not there, of a workflow and of the action', () => {
    const problems = lint((text) => text.replace(/^( +)(database|command): \$/m, '$1planted: $'))
    expect(problems.filter((line) => line.includes('planted')).map((line) => line.split(':')[0])).toEqual([
      '.github/workflows/call-development.yml',
      '.github/workflows/call-restore.yml',
      '.github/workflows/call-rollback.yml',
    ])
  })
})
