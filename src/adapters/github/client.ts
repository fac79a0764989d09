// A client of GitHub's REST API: it waits and repeats as GitHub asks, explains errors, reads long lists and knows its account.
import { getOctokit } from '@actions/github'
import { UserError } from '../../model/errors.js'
import type { Clock } from '../../ports/host.js'

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
const isLost = (error: unknown): boolean => {
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

/** As `explain`, with the permission that the job needs, if that may be missing. */
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

/** Whether we are the author of a comment. Anyone can begin one with our marker, but a person is not a bot. */
export const isOurs = (
  user: { readonly login: string; readonly type?: string } | null | undefined,
  self: string | undefined,
): boolean => (self === undefined ? user?.type === 'Bot' : user?.login === self)

/** Limit of pages, of a hundred entries each: more than any list here has. */
export const MOST_PAGES = 100

/** Each entry once, in the order of the pages. Stops if the links form a loop. */
export async function everyPage<T>(
  pages: AsyncIterable<{ readonly data: readonly T[] }>,
  key: (one: T) => number | string,
): Promise<readonly T[]> {
  const all = new Map<number | string, T>()
  let left = MOST_PAGES
  for await (const { data } of pages) {
    const before = all.size
    for (const one of data) if (!all.has(key(one))) all.set(key(one), one)
    if (--left === 0 || (data.length > 0 && all.size === before)) break
  }
  return [...all.values()]
}

export const idOf = ({ id }: { id: number }): number => id

/** Gives up after this many lost answers. */
const CREATIONS = 3

/**
 * Creates something exactly once. After a lost answer, `find` checks whether it exists before the next attempt. Rejects
 * as the last attempt did.
 */
export async function createOnce<T>(create: () => Promise<T>, find: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await create()
    } catch (error) {
      if (!isLost(error)) throw error
      const there = await find()
      if (there !== undefined) return there
      if (attempt === CREATIONS) throw error
    }
  }
}

/** A failed answer. `status` is 0 without an answer. Header names are in lower case. */
type Failure = {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly message: string
}

const TRIES = 4
/** Longest wait for one request, over all attempts, in milliseconds. */
const PATIENCE_MS = 90_000
/** Wait after a secondary limit if GitHub names no time, in milliseconds (docs: rate limits for the REST API). */
const SECONDARY_MS = 60_000

/**
 * Milliseconds before the next attempt; undefined for no attempt. It respects GitHub's limits: retry-after, then the
 * reset of an exhausted budget, then a minute for a secondary limit. It repeats server errors and lost answers after
 * one, four and nine seconds. That holds only for a `repeatable` request, because the request may have been executed.
 * `now` is in milliseconds since 1970.
 */
export function waitBefore(
  attempt: number,
  { status, headers, message }: Failure,
  { now, repeatable }: { now: number; repeatable: boolean },
): number | undefined {
  if (attempt >= TRIES) return undefined
  if (status === 403 || status === 429) {
    const after = Number(headers['retry-after'])
    if (after > 0) return after * 1000
    if (headers['x-ratelimit-remaining'] === '0') {
      return Math.max(0, Number(headers['x-ratelimit-reset']) * 1000 - now) + 1000
    }
    return status === 429 || /secondary rate|abuse/i.test(message) ? SECONDARY_MS : undefined
  }
  const lost = status === 0 || status >= 500 || status === 408
  return lost && repeatable ? 1000 * attempt ** 2 : undefined
}

/** Runs a request until it succeeds, cannot be repeated, or has waited too long. Rejects as the last attempt did. */
async function persistently<T>(
  run: () => Promise<T>,
  options: {
    clock: Clock
    signal: AbortSignal
    repeatable: boolean
  },
): Promise<T> {
  const { clock, signal, repeatable } = options
  let waited = 0
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const wait = waitBefore(attempt, failureOf(error), { now: clock.now(), repeatable })
      if (wait === undefined || waited + wait > PATIENCE_MS || signal.aborted) throw error
      waited += wait
      await clock.pause(wait, signal)
    }
  }
}
