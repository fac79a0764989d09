// A client of GitHub's REST API: it waits when GitHub asks for it, explains errors, and knows its own account.
import { getOctokit } from '@actions/github'
import { UserError } from '../../model/errors.js'
import type { Clock } from '../../ports/host.js'
import { persistently, type Failure } from './waiting.js'

/** `owner` and `repo` as in `owner/repo`. Proxies come from the usual variables. */
export type ClientOptions = {
  readonly token: string
  readonly repository: string
  /** URL of the server's API; undefined for github.com. */
  readonly apiUrl: string | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Time limit of one attempt, in milliseconds. */
  readonly timeoutMs?: number
  /** The user agent, for GitHub's logs. */
  readonly tool?: { readonly name: string; readonly version: string }
}

export type Client = {
  readonly rest: ReturnType<typeof getOctokit>['rest']
  readonly paginate: ReturnType<typeof getOctokit>['paginate']
  readonly where: { readonly owner: string; readonly repo: string }
  readonly token: string
  readonly signal: AbortSignal
}

/** Throws a UserError for an invalid name of the repository. */
export function createClient(options: ClientOptions): Client {
  const { token, repository, apiUrl, clock, signal, timeoutMs = 30_000, tool } = options
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? []
  if (owner === undefined || repo === undefined) {
    const fix = 'GitHub sets GITHUB_REPOSITORY in its jobs.'
    throw new UserError({ kind: 'use', what: `"${repository}" is not a repository (owner/name)`, fix })
  }
  const octokit = getOctokit(token, {
    log: SILENT,
    ...(apiUrl !== undefined && { baseUrl: apiUrl }),
    ...(tool !== undefined && { userAgent: `${tool.name}/${tool.version}` }),
  })
  octokit.hook.wrap('request', (request, parameters) =>
    persistently(
      async () => {
        const answer = await within(timeoutMs, signal, (limit) =>
          request({ ...parameters, request: { ...parameters.request, signal: limit } }),
        )
        const { data, status } = answer as Answer
        if (typeof data === 'string' && status !== 204 && data !== '') throw new BrokenAnswer()
        return answer
      },
      // After a POST without an answer the caller must check what happened, unless repeating it is harmless.
      {
        failureOf,
        clock,
        signal,
        repeatable: parameters.method !== 'POST' || parameters.request['repeatable'] === true,
      },
    ),
  )
  return { rest: octokit.rest, paginate: octokit.paginate, where: { owner, repo }, token, signal }
}

/**
 * Not AbortSignal.timeout: nothing references such a signal, so it may be collected before it fires. A request that ignores
 * its signal is abandoned.
 */
async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  body: (limit: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const limit = new AbortController()
  const stop = (): void => limit.abort()
  const timer = setTimeout(stop, milliseconds)
  signal.addEventListener('abort', stop)
  const late = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => reject(new LateAnswer('no answer in time')))
  })
  try {
    return await Promise.race([body(limit.signal), late])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

type Answer = { readonly data: unknown; readonly status: number; readonly headers: Failure['headers'] }

/** Keeps requests out of the log. */
const nothing = (): void => undefined
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing }

class LateAnswer extends Error {}

/** The client returns incomplete JSON as text. */
class BrokenAnswer extends Error {
  constructor() {
    super('the answer was incomplete')
  }
}

/** Status 0: there was no answer, or an unreadable one. */
export function failureOf(error: unknown): Failure {
  const nothingKnown = { status: 0, headers: {}, message: error instanceof Error ? error.message : '' }
  if (error instanceof BrokenAnswer || typeof error !== 'object' || error === null) return nothingKnown
  const { status, response } = error as { readonly status?: unknown; readonly response?: Partial<Answer> }
  // A request that got no answer is reported as 500 without a response.
  if (typeof status !== 'number' || response === undefined) return nothingKnown
  return { status, headers: response.headers ?? {}, message: nothingKnown.message }
}

/** Whether the error is an answer of GitHub, or a missing one. Any other error is a bug. */
export const isOfGithub = (error: unknown): boolean =>
  error instanceof BrokenAnswer ||
  error instanceof LateAnswer ||
  (typeof error === 'object' && error !== null && 'status' in error && 'request' in error)

/** Whether the result of a request is unknown. */
export const isLost = (error: unknown): boolean => {
  const { status } = failureOf(error)
  return isOfGithub(error) && (status === 0 || status >= 500)
}

/** Explains the error to people. It never contains the token, and only GitHub's own sentence of the answer. */
export function explain(error: unknown): string {
  const { status, message } = failureOf(error)
  const sentence = message
    .replaceAll(/\s+/g, ' ')
    .replace(/ - https?:\S+$/, '')
    .slice(0, 200)
  switch (status) {
    case 0:
      return error instanceof BrokenAnswer ? "GitHub's answer was incomplete" : 'GitHub could not be reached in time'
    case 401:
      return 'GitHub rejected the token (401)'
    case 403:
      return isLimit(message)
        ? 'GitHub asks to send fewer requests (403)'
        : `the token has no permission for this (403: ${sentence})`
    case 404:
      return 'GitHub did not find it, or the token may not see it (404)'
    case 429:
      return 'GitHub asks to send fewer requests (429)'
    default:
      return `GitHub answered ${status}: ${sentence}`
  }
}

const isLimit = (message: string): boolean => /rate limit|abuse/i.test(message)

/** The same, with the permission that the job needs, if that may be missing. */
export function explainNeed(error: unknown, permission: string): string {
  const { status, message } = failureOf(error)
  const refused = status === 404 || (status === 403 && !isLimit(message)) || /not accessible/i.test(message)
  return refused ? `${explain(error)}; the job needs the permission ${permission}` : explain(error)
}

/** The login of a person's token. Undefined for the token of a job, which may not read its own user. */
export async function whoAmI({ rest, token }: Client): Promise<string | undefined> {
  if (token.startsWith('ghs_')) return undefined
  return rest.users.getAuthenticated().then(
    ({ data }) => data.login,
    () => undefined,
  )
}

/** Anyone can begin a comment with our marker, but a person is not a bot. */
export const isOurs = (
  user: { readonly login: string; readonly type?: string } | null | undefined,
  self: string | undefined,
): boolean => (self === undefined ? user?.type === 'Bot' : user?.login === self)
