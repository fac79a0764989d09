// GitHub's REST API: one client, which waits when GitHub asks for it and explains what went wrong, and who it acts as.
import { getOctokit } from '@actions/github'
import { UserError } from '../../model/errors.js'
import type { Clock } from '../../ports/host.js'
import { persistently, type Failure } from './waiting.js'

/** `owner` and `repo` as in `owner/repo`. Proxies come from the usual variables. */
export type ClientOptions = {
  readonly token: string
  readonly repository: string
  /** Of the server's API; undefined for github.com. */
  readonly apiUrl: string | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Milliseconds for one try. */
  readonly timeoutMs?: number
  /** Who asks, for GitHub's logs. */
  readonly tool?: { readonly name: string; readonly version: string }
}

export type Client = {
  readonly rest: ReturnType<typeof getOctokit>['rest']
  readonly paginate: ReturnType<typeof getOctokit>['paginate']
  readonly where: { readonly owner: string; readonly repo: string }
  readonly token: string
  readonly signal: AbortSignal
}

/** Throws a UserError for a repository that is not named as GitHub names them. */
export function createClient(options: ClientOptions): Client {
  const { token, repository, apiUrl, clock, signal, timeoutMs = 30_000, tool } = options
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? []
  if (owner === undefined || repo === undefined) {
    const fix = 'GitHub sets GITHUB_REPOSITORY in its jobs.'
    throw new UserError({ kind: 'use', what: `"${repository}" is no repository (owner/name)`, fix })
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
      // What a POST without an answer did is for its caller to find out, but where it says that twice does no harm.
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
 * Not AbortSignal.timeout: nothing holds on to such a signal, and it may be gone before it fires. A request that does not
 * listen to its signal is left behind.
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

/** Nothing of a request reaches the log unasked. */
const nothing = (): void => undefined
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing }

class LateAnswer extends Error {}

/** JSON that ends in the middle comes as text. */
class BrokenAnswer extends Error {
  constructor() {
    super('the answer was cut off')
  }
}

/** Status 0: there was no answer, or none that can be read. */
export function failureOf(error: unknown): Failure {
  const nothingKnown = { status: 0, headers: {}, message: error instanceof Error ? error.message : '' }
  if (error instanceof BrokenAnswer || typeof error !== 'object' || error === null) return nothingKnown
  const { status, response } = error as { readonly status?: unknown; readonly response?: Partial<Answer> }
  // A request that got no answer is reported as 500 without a response.
  if (typeof status !== 'number' || response === undefined) return nothingKnown
  return { status, headers: response.headers ?? {}, message: nothingKnown.message }
}

/** Whether it is an answer of GitHub, or the lack of one; anything else is a bug of ours. */
export const isOfGithub = (error: unknown): boolean =>
  error instanceof BrokenAnswer ||
  error instanceof LateAnswer ||
  (typeof error === 'object' && error !== null && 'status' in error && 'request' in error)

/** Whether it is not known what became of a request. */
export const isLost = (error: unknown): boolean => {
  const { status } = failureOf(error)
  return isOfGithub(error) && (status === 0 || status >= 500)
}

/** What went wrong, for people: never the token, never more of the answer than GitHub's own sentence. */
export function explain(error: unknown): string {
  const { status, message } = failureOf(error)
  const said = message
    .replaceAll(/\s+/g, ' ')
    .replace(/ - https?:\S+$/, '')
    .slice(0, 200)
  switch (status) {
    case 0:
      return error instanceof BrokenAnswer ? "GitHub's answer was cut off" : 'GitHub could not be reached in time'
    case 401:
      return 'GitHub does not know the token (401)'
    case 403:
      return isLimit(message) ? 'GitHub asks to send fewer requests (403)' : `the token may not do this (403: ${said})`
    case 404:
      return 'GitHub has nothing there, or the token may not see it (404)'
    case 429:
      return 'GitHub asks to send fewer requests (429)'
    default:
      return `GitHub answered ${status}: ${said}`
  }
}

const isLimit = (message: string): boolean => /rate limit|abuse/i.test(message)

/** The same, with the permission that the job needs where it may be that which is missing. */
export function explainNeed(error: unknown, permission: string): string {
  const { status, message } = failureOf(error)
  const refused = status === 404 || (status === 403 && !isLimit(message)) || /not accessible/i.test(message)
  return refused ? `${explain(error)}; the job needs the permission ${permission}` : explain(error)
}

/** The login of a person's token; undefined for a job's own, which is a bot's and may not ask who it is. */
export async function whoAmI({ rest, token }: Client): Promise<string | undefined> {
  if (token.startsWith('ghs_')) return undefined
  return rest.users.getAuthenticated().then(
    ({ data }) => data.login,
    () => undefined,
  )
}

/** Anybody can begin a comment with our marker, but a person is no bot. */
export const isOurs = (
  user: { readonly login: string; readonly type?: string } | null | undefined,
  self: string | undefined,
): boolean => (self === undefined ? user?.type === 'Bot' : user?.login === self)
