// Reads the event that started a run of GitHub Actions: what to compare the files with.
import { readFile } from 'node:fs/promises'
import type { Against } from '../../requests/request.js'
import { UserError } from '../../model/errors.js'
import type { Origin } from '../../release/gate.js'

const NOTHING_ASKED: Against = { event: 'nothing', look: 'unmerged' }

/**
 * Gives no comparison outside of GitHub Actions and for events without a change. Rejects with a UserError for events that
 * would run code from strangers with this repository's secrets.
 */
export async function againstOf(environment: Readonly<Record<string, string | undefined>>): Promise<Against> {
  const { GITHUB_ACTIONS: actions, GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: file = '' } = environment
  if (actions !== 'true') return NOTHING_ASKED
  const event = await readEvent(file)
  const pull = pullRequest(event)
  switch (name) {
    case 'pull_request':
      return pull ?? NOTHING_ASKED
    case 'pull_request_target':
      if (pull?.fork !== false) throw untrusted()
      return pull
    case 'merge_group':
      return mergeQueue(event) ?? NOTHING_ASKED
    default:
      return NOTHING_ASKED
  }
}

/** The target of a comment: a pull request, or the branch of one. `run` and `url` belong to the workflow run. */
export type CommentTarget = { readonly commit: string; readonly run: number; readonly url: string | undefined } & (
  | { readonly pull: number }
  | { readonly owner: string; readonly branch: string }
)

/** Rejects with a UserError for an event that has no pull request. */
export async function commentTargetOf(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<CommentTarget> {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: file = '' } = environment
  const event = await readEvent(file)
  const pull = pullRequest(event)
  if (name.startsWith('pull_request') && pull !== undefined) {
    return { pull: pull.number, commit: pull.head, ...thisRun(environment) }
  }
  const run = inside(event, 'workflow_run')
  const commit = commitOf(run['head_sha'])
  const branch = textOf(run['head_branch'])
  const owner = textOf(inside(inside(run, 'head_repository'), 'owner')['login'])
  if (name === 'workflow_run' && commit !== undefined && branch !== undefined && owner !== undefined) {
    return { owner, branch, commit, run: Number(run['id']) || 0, url: textOf(run['html_url']) }
  }
  const fix = 'Start it on pull_request, or on workflow_run after a workflow that runs on pull_request.'
  throw new UserError({ kind: 'use', what: `the event ${name || '(none)'} belongs to no pull request`, fix })
}

/** What started the run. On a pull request, an unreadable event file counts as one from a fork. */
export async function originOf(environment: Readonly<Record<string, string | undefined>>): Promise<Origin> {
  const {
    GITHUB_ACTIONS: actions,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: file = '',
    GITHUB_REF: ref,
  } = environment
  if (actions !== 'true') return { event: undefined, fork: false, refProtected: undefined, ref: undefined }
  const isPull = event?.startsWith('pull_request') === true
  const fork = isPull && pullRequest(await readEvent(file))?.fork !== false
  return { event, fork, ref, refProtected: environment['GITHUB_REF_PROTECTED'] === 'true' }
}

/** A second attempt has the number of the first. */
export const thisRun = (
  environment: Readonly<Record<string, string | undefined>>,
): Pick<CommentTarget, 'run' | 'url'> => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment
  const known = server !== undefined && repository !== undefined && run !== undefined
  return { run: Number(run) || 0, url: known ? `${server}/${repository}/actions/runs/${run}` : undefined }
}

type Values = Readonly<Record<string, unknown>>

function pullRequest(event: Values): Extract<Against, { readonly event: 'pull request' }> | undefined {
  const pull = inside(event, 'pull_request')
  const base = inside(pull, 'base')
  const head = inside(pull, 'head')
  const from = inside(head, 'repo')['full_name']
  const into = inside(base, 'repo')['full_name']
  const { number } = pull
  const branch = textOf(base['ref'])
  const start = commitOf(base['sha'])
  const end = commitOf(head['sha'])
  if (typeof number !== 'number' || branch === undefined || start === undefined || end === undefined) return undefined
  // The repository of a deleted fork is null.
  const fork = typeof from !== 'string' || from !== into
  return { event: 'pull request', number, branch, base: start, head: end, fork }
}

function mergeQueue(event: Values): Against | undefined {
  const group = inside(event, 'merge_group')
  const branch = textOf(group['base_ref'])?.replace(/^refs\/heads\//, '')
  const base = commitOf(group['base_sha'])
  const head = commitOf(group['head_sha'])
  if (branch === undefined || base === undefined || head === undefined) return undefined
  return { event: 'merge queue', branch, base, head }
}

async function readEvent(file: string): Promise<Values> {
  try {
    return valuesOf(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return {}
  }
}

const valuesOf = (value: unknown): Values => (typeof value === 'object' && value !== null ? { ...value } : {})
const inside = (values: Values, name: string): Values => valuesOf(values[name])
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const commitOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value) ? value : undefined

const untrusted = (): UserError =>
  new UserError({
    kind: 'use',
    what: 'on pull_request_target, migrations from strangers would run with the secrets of this repository',
    fix: 'Start the workflow on pull_request, which also works for forks: the verdict needs no secret.',
  })
