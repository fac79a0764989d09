// act, in the mode that runs on this very machine, against a GitHub on loopback and with stand-ins for artifacts.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { FakeGithub } from '../adapters/github/fake-github.js'
import type { Folder } from '../adapters/host/folder.js'
import { GIT_ENVIRONMENT, type Repo } from '../support/git.js'
import { passwordsOf, refuseSecrets } from '../support/canary.js'
import { COMMIT, copyOf, foreignActions } from './copy.js'

/** The remote. Git reads a local copy in its place, by variables that act does not read. */
export const ORIGIN = 'https://github.com/o/r.git'

/**
 * `action` holds what an action consists of, `folder` what runs leave: `artifacts/<run>/<name>`. `workflows` are those of ours
 * that are called.
 */
export async function runAct(options: {
  readonly event: string
  readonly payload: unknown
  /** Its id. */
  readonly run: string
  readonly workflows: readonly string[]
  readonly repo: Repo
  readonly folder: Folder
  readonly action: Folder
  readonly github: FakeGithub
  readonly words?: readonly string[]
  readonly secrets?: Readonly<Record<string, string>>
}): Promise<{ readonly code: number | null; readonly log: string }> {
  const { event, repo, folder, action, github, words = [], secrets = {} } = options
  writeFileSync(folder.at('event.json'), JSON.stringify(options.payload))
  mkdirSync(folder.at('artifacts'), { recursive: true })
  const texts = options.workflows.map((name) => copyOf(name).copy)
  const mapped = [
    `gate/action@${COMMIT}=${action.path}`,
    ...foreignActions(texts.join('')).flatMap((name) => {
      const standIn = /upload|download/.exec(name)?.[0]
      return standIn === undefined ? [] : [`${name}=${path.resolve('test/workflows', standIn)}`]
    }),
  ]
  // Not as arguments: any account on the machine may read those.
  writeFileSync(
    folder.at('secrets'),
    Object.entries({ GITHUB_TOKEN: 'ghs_0123456789', ...secrets })
      .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
      .join(''),
  )
  const child = spawn(
    'act',
    [
      event,
      '--eventpath',
      folder.at('event.json'),
      '--platform',
      'ubuntu-24.04=-self-hosted',
      '--env',
      `GITHUB_API_URL=${github.url}`,
      '--env',
      `ARTIFACTS=${folder.at('artifacts')}`,
      '--env',
      `GITHUB_RUN_ID=${options.run}`,
      '--secret-file',
      folder.at('secrets'),
      '--rm',
      ...words,
      ...mapped.flatMap((one) => ['--local-repository', one]),
    ],
    {
      cwd: repo.path,
      env: {
        ...GIT_ENVIRONMENT,
        HOME: folder.path,
        XDG_CACHE_HOME: folder.at('cache'),
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `url.file://${repo.path}.insteadOf`,
        GIT_CONFIG_VALUE_0: ORIGIN,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  refuseSecrets({ 'the log of act': log }, passwordsOf(Object.values(secrets)))
  return { code, log }
}
