// GitHub's API on loopback: it keeps pull requests and comments, refuses what the published description does not allow,
// and fails as a test asks.
import { afterAll, afterEach, expect } from '@jest/globals'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerDeploy, type DeployCall, type DeployState } from './fake-deploys.js'
import { operationOf, problemsOf, type Operation } from './openapi.js'

export type Comment = { id: number; issue: number; login: string; type: 'Bot' | 'User'; body: string }
export type Pull = {
  readonly number: number
  readonly title: string
  readonly login: string
  readonly head: string
  readonly owner: string
  readonly branch: string
  readonly base: string
  readonly state: 'open' | 'closed'
  readonly files: readonly { readonly filename: string; readonly status: string; readonly previous_filename?: string }[]
}

export type Review = Comment & { readonly path: string; readonly line: number; readonly from?: number }

export type Asked = { readonly method: string; readonly path: string; readonly body: string; readonly agent: string }

/** `cut`: JSON that ends in the middle; `drop`: no answer at all; `hang`: none within any time. */
export type Trouble =
  | 'cut'
  | 'drop'
  | 'hang'
  | { readonly status: number; readonly message: string; readonly headers?: Readonly<Record<string, string>> }

export type FakeGithub = DeployState & {
  readonly url: string
  readonly comments: Comment[]
  readonly pulls: Pull[]
  /** Comments on lines. */
  readonly reviews: Review[]
  readonly asked: Asked[]
  /** Requests that the description does not allow. */
  readonly violations: string[]
  /** Whose token it is. */
  identity: { readonly login: string; readonly type: 'Bot' | 'User' }
  /** Asked before each answer; undefined lets it pass. */
  trouble: (asked: Asked, nth: number) => Trouble | undefined
  /** The most characters of a comment. */
  limit: number
  /** Every page of a list has a next one: its own first one. */
  endless: boolean
  readonly reset: () => void
  readonly close: () => Promise<void>
}

/**
 * A fake for the tests of one file: after each of them it has seen no request against GitHub's description and is as new, after
 * the last one it is gone.
 */
export async function githubForTests(...options: Parameters<typeof startFakeGithub>): Promise<FakeGithub> {
  const github = await startFakeGithub(...options)
  afterAll(() => github.close())
  afterEach(() => {
    expect(github.violations).toEqual([])
    github.reset()
  })
  return github
}

/** `prefix` is in front of each path, as on GitHub Enterprise Server. */
export async function startFakeGithub({ prefix = '' }: { readonly prefix?: string } = {}): Promise<FakeGithub> {
  let lastId = 1000
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: FakeGithub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    comments: [],
    pulls: [],
    reviews: [],
    asked: [],
    violations: [],
    checks: [],
    statuses: [],
    deployments: [],
    issues: [],
    brought: [],
    merged: new Map(),
    identity: { login: 'github-actions[bot]', type: 'Bot' },
    trouble: () => undefined,
    limit: 65_536,
    endless: false,
    reset: () => {
      for (const list of [fake.comments, fake.pulls, fake.reviews, fake.asked, fake.violations]) list.length = 0
      for (const list of [fake.checks, fake.statuses, fake.deployments, fake.issues, fake.brought]) list.length = 0
      fake.merged.clear()
      fake.endless = false
      fake.identity = { login: 'github-actions[bot]', type: 'Bot' }
      fake.trouble = () => undefined
      fake.limit = 65_536
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return fake

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url ?? '/', fake.url)
    const inside = url.pathname.startsWith(`${prefix}/`)
    const asked = {
      method: request.method ?? '',
      path: inside ? url.pathname.slice(prefix.length) : url.pathname,
      body: Buffer.concat(chunks).toString('utf8'),
      agent: request.headers['user-agent'] ?? '',
    }
    fake.asked.push(asked)
    const before = fake.asked.filter(({ method, path }) => method === asked.method && path === asked.path).length
    const trouble = fake.trouble(asked, before)
    if (trouble === 'hang') return
    if (trouble === 'drop') {
      response.destroy()
      return
    }
    const send = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      const text = value === undefined ? '' : JSON.stringify(value)
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      response.end(trouble === 'cut' ? text.slice(0, text.length / 2) : text)
    }
    if (typeof trouble === 'object') {
      send(trouble.status, { message: trouble.message }, trouble.headers ?? {})
      return
    }
    const found = inside ? operationOf(asked.method, asked.path) : undefined
    if (found === undefined) {
      fake.violations.push(`${asked.method} ${asked.path}: no such operation`)
      send(404, { message: 'Not Found' })
      return
    }
    const wrong = problemsOf(found, url, asked.body)
    fake.violations.push(...wrong.map((one) => `${asked.method} ${asked.path}: ${one}`))
    if (wrong.length > 0) {
      send(422, { message: wrong.join('; ') })
      return
    }
    handle({ ...found, url, body: asked.body, send })
  }

  function handle(call: {
    readonly operation: Operation
    readonly values: Readonly<Record<string, string>>
    readonly url: URL
    readonly body: string
    readonly send: (status: number, value: unknown, headers?: Readonly<Record<string, string>>) => void
  }): void {
    const { operation, values, url, body, send } = call
    const { searchParams: query } = url
    const issue = Number(values['issue_number'])
    const page: DeployCall['page'] = (all, shown, around = (list) => list): void => {
      const size = Number(query.get('per_page') ?? 30)
      const at = Number(query.get('page') ?? 1)
      const next = new URL(url)
      next.searchParams.set('page', String(fake.endless ? 1 : at + 1))
      const more = fake.endless || at * size < all.length
      const headers: Record<string, string> = more ? { link: `<${next.href}>; rel="next"` } : {}
      send(200, around(all.slice((at - 1) * size, at * size).map(shown)), headers)
    }
    const text = (): string => (JSON.parse(body) as { readonly body: string }).body
    const name = `${operation.method} ${operation.path}`
    const newId = (): number => ++lastId
    const { identity, limit } = fake
    if (answerDeploy(fake, { name, values, query, body, identity, limit, newId, send, page })) return
    switch (name) {
      case 'get /user': {
        if (fake.identity.type === 'User') send(200, { login: fake.identity.login })
        else send(403, { message: 'Resource not accessible by integration' })
        return
      }
      case 'get /repos/{owner}/{repo}/pulls': {
        page(
          fake.pulls.filter(
            ({ base, state, owner, branch }) =>
              state === 'open' &&
              (query.get('base') ?? base) === base &&
              (query.get('head') ?? `${owner}:${branch}`) === `${owner}:${branch}`,
          ),
          pullJson,
        )
        return
      }
      case 'get /repos/{owner}/{repo}/pulls/{pull_number}': {
        const pull = fake.pulls.find(({ number }) => number === Number(values['pull_number']))
        if (pull === undefined) send(404, { message: 'Not Found' })
        else send(200, pullJson(pull))
        return
      }
      case 'get /repos/{owner}/{repo}/pulls/{pull_number}/files': {
        const pull = fake.pulls.find(({ number }) => number === Number(values['pull_number']))
        page(pull?.files ?? [], (file) => file)
        return
      }
      case 'get /repos/{owner}/{repo}/pulls/{pull_number}/comments': {
        page(
          fake.reviews.filter(({ issue: pull }) => pull === Number(values['pull_number'])),
          reviewJson,
        )
        return
      }
      case 'post /repos/{owner}/{repo}/pulls/{pull_number}/comments': {
        const given = JSON.parse(body) as {
          readonly path: string
          readonly line: number
          readonly start_line?: number
          readonly commit_id: string
        }
        const pull = fake.pulls.find(({ number }) => number === Number(values['pull_number']))
        if (pull?.head !== given.commit_id || !pull.files.some(({ filename }) => filename === given.path)) {
          send(422, { message: 'Validation Failed: pull_request_review_thread.line must be part of the diff' })
          return
        }
        const { path, line, start_line: from } = given
        const review: Review = {
          id: ++lastId,
          issue: pull.number,
          ...fake.identity,
          body: text(),
          path,
          line,
          ...(from !== undefined && { from }),
        }
        fake.reviews.push(review)
        send(201, reviewJson(review))
        return
      }
      case 'delete /repos/{owner}/{repo}/pulls/comments/{comment_id}': {
        const at = fake.reviews.findIndex(({ id }) => id === Number(values['comment_id']))
        if (at !== -1) fake.reviews.splice(at, 1)
        send(at === -1 ? 404 : 204, at === -1 ? { message: 'Not Found' } : undefined)
        return
      }
      case 'get /repos/{owner}/{repo}/issues/{issue_number}/comments': {
        page(
          fake.comments.filter((comment) => comment.issue === issue),
          commentJson,
        )
        return
      }
      case 'post /repos/{owner}/{repo}/issues/{issue_number}/comments': {
        if (text().length > fake.limit) {
          send(422, { message: 'Validation Failed: body is too long (maximum is 65536 characters)' })
          return
        }
        const comment: Comment = { id: ++lastId, issue, ...fake.identity, body: text() }
        fake.comments.push(comment)
        send(201, commentJson(comment))
        return
      }
      case 'get /repos/{owner}/{repo}/issues/comments/{comment_id}': {
        const comment = fake.comments.find(({ id }) => id === Number(values['comment_id']))
        send(comment === undefined ? 404 : 200, comment === undefined ? { message: 'Not Found' } : commentJson(comment))
        return
      }
      case 'patch /repos/{owner}/{repo}/issues/comments/{comment_id}': {
        const comment = fake.comments.find(({ id }) => id === Number(values['comment_id']))
        if (comment === undefined) {
          send(404, { message: 'Not Found' })
          return
        }
        if (text().length > fake.limit) {
          send(422, { message: 'Validation Failed: body is too long (maximum is 65536 characters)' })
          return
        }
        comment.body = text()
        send(200, commentJson(comment))
        return
      }
      case 'delete /repos/{owner}/{repo}/issues/comments/{comment_id}': {
        const at = fake.comments.findIndex(({ id }) => id === Number(values['comment_id']))
        if (at === -1) {
          send(404, { message: 'Not Found' })
          return
        }
        fake.comments.splice(at, 1)
        send(204, undefined)
        return
      }
      default: {
        send(500, { message: `the fake does not know ${operation.path}` })
        return
      }
    }
  }
}

const pullJson = ({ number, title, login, head, owner, branch, base, state }: Pull): object => ({
  number,
  title,
  state,
  html_url: `https://github.com/o/r/pull/${number}`,
  user: { login },
  head: { sha: head, ref: branch, label: `${owner}:${branch}` },
  base: { ref: base },
})

const commentJson = ({ id, issue, login, type, body }: Comment): object => ({
  id,
  body,
  user: { login, type },
  html_url: `https://github.com/o/r/pull/${issue}#issuecomment-${id}`,
})

const reviewJson = ({ path, line, ...comment }: Review): object => ({ ...commentJson(comment), path, line })
