// Commands that findings suggest, run by a shell in real repositories: the check is content after them.
import { execFileSync } from 'node:child_process'
import { afterEach, expect, test } from '@jest/globals'
import { check } from '../../../src/commands/check/check.js'
import type { Report } from '../../../src/report/check-report.js'
import { systemClock } from '../../../src/adapters/host/clock.js'
import { createFiles } from '../../../src/adapters/host/files.js'
import { createRepository } from '../../../src/adapters/host/git/repository.js'
import { folderOf, FOLDER, renamed, without, type Files } from '../../rules/folders.js'
import { checkRequest } from '../../support/check.js'
import { GIT_ENVIRONMENT, makeRepo, type Repo } from '../../support/git.js'
import { NOTHING } from '../../support/nothing.js'

const repos: Repo[] = []
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove()
})

const judged = ({ path }: Repo): Promise<Report> =>
  check(checkRequest({ against: { event: 'asked', name: 'main' }, scope: 'changed' }), {
    ...NOTHING,
    clock: systemClock,
    files: createFiles(path),
    repository: createRepository({ root: path, environment: GIT_ENVIRONMENT }),
  })

const inFolder = (files: Files): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text]))

const IDS = ['00001_a', '00002_b', '00003_c', '00004_d', '00005_e']

test.each<readonly [string, Files, (base: Files) => Files, readonly string[]]>([
  [
    'two numbers that are taken',
    folderOf('goose', IDS),
    (base) => ({ ...base, ...folderOf('goose', ['00004_x', '00005_y z']) }),
    ['version-taken', 'version-taken'],
  ],
  [
    'folders of one number',
    folderOf('directories', IDS),
    (base) => ({ ...base, ...folderOf('directories', ['00006_x', '00006_y']) }),
    ['duplicate-version'],
  ],
  [
    'time stamps before the newest one',
    folderOf('pairs', ['20240101000000_a', '20240102000000_b', '20991231235959_c']),
    (base) => ({ ...base, ...folderOf('pairs', ['20240103000000_x', '20240104000000_y']) }),
    ['version-late', 'version-late'],
  ],
  [
    'a mistyped down',
    folderOf('pairs', IDS),
    (base) => ({ ...base, ...renamed(folderOf('pairs', ['00006_x']), { '00006_x.down.sql': '00006_x.dwon.sql' }) }),
    ['unpaired'],
  ],
  [
    'a merged migration in another folder',
    folderOf('pairs', IDS),
    (base) => renamed(base, { '00003_c': "it's old/00003_c" }),
    ['merged-renamed'],
  ],
  ['many that are deleted', folderOf('pairs', IDS), (base) => without(base, ...IDS.slice(1)), ['merged-deleted']],
  [
    'many downs that are deleted',
    folderOf('pairs', IDS),
    (base) => without(base, ...IDS.slice(1).map((id) => `${id}.down.sql`)),
    ['unpaired'],
  ],
])('%s', async (_, base, change, expected) => {
  const repo = makeRepo(inFolder(base))
  repos.push(repo)
  repo.git('switch', '--quiet', '--create', 'feature')
  const now = change(base)
  const gone = Object.keys(base).filter((name) => now[name] === undefined)
  repo.commit({ ...inFolder(now), ...Object.fromEntries(gone.map((name) => [`${FOLDER}/${name}`, undefined])) })
  const { findings } = await judged(repo)
  expect(findings.map(({ rule }) => rule)).toEqual(expected)
  const commands = findings.flatMap(({ fix }) =>
    fix.split('\n').flatMap((line) => /^(?:Restore them: )?(git .*)$/.exec(line)?.[1] ?? []),
  )
  expect(commands.length).toBeGreaterThan(0)
  execFileSync('bash', ['-e', '-c', commands.join('\n')], { cwd: repo.path, env: GIT_ENVIRONMENT, stdio: 'pipe' })
  const { findings: left, verdict } = await judged(repo)
  expect(left.filter(({ level }) => level !== 'note')).toEqual([])
  expect(verdict).toBe('pass')
})
