// GitHub's API on loopback: it keeps pull requests and comments, refuses what the published description does not allow,
// and fails as it is told to.
import Ajv, { type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: object
}
type Operation = {
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly body?: object
}

const { operations } = JSON.parse(readFileSync('test/openapi/requests.json', 'utf8')) as {
  readonly operations: readonly Operation[]
}
// GitHub's schemas use words that are theirs.
const ajv = new Ajv.default({ coerceTypes: true, strict: false })
addFormats.default(ajv)

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

export type Review = Comment & { readonly path: string; readonly line: number }

export type CheckRun = {
  readonly id: number
  readonly sha: string
  readonly name: string
  readonly status: 'queued' | 'in_progress' | 'completed'
  readonly conclusion: string | null
}
export type Status = { readonly sha: string; readonly context: string; readonly state: string }
export type Deployment = {
  readonly id: number
  readonly environment: string
  readonly ref: string
  readonly states: string[]
}
export type Issue = {
  readonly number: number
  title: string
  body: string
  state: 'open' | 'closed'
  login: string
  type: 'Bot' | 'User'
}

export type Asked = { readonly method: string; readonly path: string; readonly body: string }

/** `cut`: JSON that ends in the middle; `drop`: no answer at all; `hang`: none within any time. */
export type Trouble =
  | 'cut'
  | 'drop'
  | 'hang'
  | { readonly status: number; readonly message: string; readonly headers?: Readonly<Record<string, string>> }

export type FakeGithub = {
  readonly url: string
  readonly comments: Comment[]
  readonly pulls: Pull[]
  /** Comments on lines. */
  readonly reviews: Review[]
  readonly checks: CheckRun[]
  readonly statuses: Status[]
  readonly deployments: Deployment[]
  readonly issues: Issue[]
  /** Numbers of merged pull requests, by the commit that they brought. */
  readonly merged: Map<string, number>
  readonly asked: Asked[]
  /** Requests that the description does not allow. */
  readonly violations: string[]
  /** Whose token it is. */
  identity: { readonly login: string; readonly type: 'Bot' | 'User' }
  /** Asked before each answer; undefined lets it pass. */
  trouble: (asked: Asked, nth: number) => Trouble | undefined
  /** The most characters of a comment. */
  limit: number
  readonly reset: () => void
  readonly close: () => Promise<void>
}

export async function startFakeGithub(): Promise<FakeGithub> {
  let lastId = 1000
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: FakeGithub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ comments: [], pulls: [], reviews: [], asked: [], violations: [] },
    ...{ checks: [], statuses: [], deployments: [], issues: [], merged: new Map() },
    identity: { login: 'github-actions[bot]', type: 'Bot' },
    trouble: () => undefined,
    limit: 65_536,
    reset: () => {
      for (const list of [fake.comments, fake.pulls, fake.reviews, fake.asked, fake.violations]) list.length = 0
      for (const list of [fake.checks, fake.statuses, fake.deployments, fake.issues]) list.length = 0
      fake.merged.clear()
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
    const asked = { method: request.method ?? '', path: url.pathname, body: Buffer.concat(chunks).toString('utf8') }
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
    const found = operationOf(asked.method, url.pathname)
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
    const page = <T>(all: readonly T[], shown: (one: T) => unknown): void => {
      const size = Number(query.get('per_page') ?? 30)
      const at = Number(query.get('page') ?? 1)
      const next = new URL(url)
      next.searchParams.set('page', String(at + 1))
      const headers: Record<string, string> = at * size < all.length ? { link: `<${next.href}>; rel="next"` } : {}
      send(200, all.slice((at - 1) * size, at * size).map(shown), headers)
    }
    const text = (): string => (JSON.parse(body) as { readonly body: string }).body
    switch (`${operation.method} ${operation.path}`) {
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
        const given = JSON.parse(body) as { readonly path: string; readonly line: number; readonly commit_id: string }
        const pull = fake.pulls.find(({ number }) => number === Number(values['pull_number']))
        if (pull?.head !== given.commit_id || !pull.files.some(({ filename }) => filename === given.path)) {
          send(422, { message: 'Validation Failed: pull_request_review_thread.line must be part of the diff' })
          return
        }
        const { path, line } = given
        const review: Review = { id: ++lastId, issue: pull.number, ...fake.identity, body: text(), path, line }
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
      case 'get /repos/{owner}/{repo}/commits/{ref}/check-runs': {
        const runs = fake.checks.filter(({ sha, name }) => sha === values['ref'] && name === query.get('check_name'))
        send(200, { total_count: runs.length, check_runs: runs })
        return
      }
      case 'get /repos/{owner}/{repo}/commits/{ref}/status': {
        const statuses = fake.statuses.filter(({ sha }) => sha === values['ref'])
        send(200, { state: 'success', statuses, total_count: statuses.length })
        return
      }
      case 'get /repos/{owner}/{repo}/commits/{commit_sha}/pulls': {
        const number = fake.merged.get(values['commit_sha'] ?? '')
        send(200, number === undefined ? [] : [{ number, merged_at: '2026-11-23T16:00:00Z' }])
        return
      }
      case 'get /repos/{owner}/{repo}/deployments': {
        page(
          fake.deployments
            .filter(({ environment, ref }) => environment === query.get('environment') && ref === query.get('ref'))
            .toReversed(),
          (one) => one,
        )
        return
      }
      case 'post /repos/{owner}/{repo}/deployments': {
        const { environment = '', ref } = JSON.parse(body) as { readonly environment?: string; readonly ref: string }
        const made: Deployment = { id: ++lastId, environment, ref, states: [] }
        fake.deployments.push(made)
        send(201, made)
        return
      }
      case 'post /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': {
        const one = fake.deployments.find(({ id }) => id === Number(values['deployment_id']))
        const { state, description = '' } = JSON.parse(body) as {
          readonly state: string
          readonly description?: string
        }
        one?.states.push(`${state}: ${description}`)
        send(one === undefined ? 404 : 201, one ?? { message: 'Not Found' })
        return
      }
      case 'get /repos/{owner}/{repo}/issues': {
        page(
          fake.issues.filter(({ state }) => state === (query.get('state') ?? 'open')),
          issueJson,
        )
        return
      }
      case 'post /repos/{owner}/{repo}/issues': {
        const { title } = JSON.parse(body) as { readonly title: string }
        const made: Issue = { number: ++lastId, title, body: text(), state: 'open', ...fake.identity }
        fake.issues.push(made)
        send(201, issueJson(made))
        return
      }
      case 'patch /repos/{owner}/{repo}/issues/{issue_number}': {
        const one = fake.issues.find(({ number }) => number === issue)
        if (one !== undefined) Object.assign(one, JSON.parse(body))
        send(one === undefined ? 404 : 200, one === undefined ? { message: 'Not Found' } : issueJson(one))
        return
      }
      default: {
        send(500, { message: `the fake does not know ${operation.path}` })
        return
      }
    }
  }
}

type Found = { readonly operation: Operation; readonly values: Readonly<Record<string, string>> }

function operationOf(method: string, path: string): Found | undefined {
  for (const operation of operations) {
    if (operation.method !== method.toLowerCase()) continue
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
    const match = new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`).exec(path)
    if (match === null) continue
    return {
      operation,
      values: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? '')])),
    }
  }
  return undefined
}

function problemsOf({ operation, values }: Found, url: URL, body: string): readonly string[] {
  const query = Object.fromEntries(url.searchParams)
  const known = operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name)
  const strangers = Object.keys(query).filter((name) => !known.includes(name))
  const { parameters, body: inBody } = validatorsOf(operation)
  const wrong = [
    ...(parameters({ ...values, ...query }) ? [] : [ajv.errorsText(parameters.errors)]),
    ...(inBody === undefined || inBody(JSON.parse(body || 'null')) ? [] : [ajv.errorsText(inBody.errors)]),
  ]
  return [...strangers.map((name) => `unknown parameter ${name}`), ...wrong]
}

type Validators = { readonly parameters: ValidateFunction; readonly body: ValidateFunction | undefined }
const compiled = new Map<Operation, Validators>()

function validatorsOf(operation: Operation): Validators {
  const known = compiled.get(operation)
  if (known !== undefined) return known
  const made = {
    parameters: ajv.compile({
      type: 'object',
      properties: Object.fromEntries(operation.parameters.map(({ name, schema }) => [name, schema])),
      required: operation.parameters.filter(({ required }) => required).map(({ name }) => name),
    }),
    body: operation.body && ajv.compile(operation.body),
  }
  compiled.set(operation, made)
  return made
}

const pullJson = ({ number, title, login, head, owner, branch, base, state }: Pull): object => ({
  ...{ number, title, state, html_url: `https://github.com/o/r/pull/${number}`, user: { login } },
  ...{ head: { sha: head, ref: branch, label: `${owner}:${branch}` }, base: { ref: base } },
})

const commentJson = ({ id, issue, login, type, body }: Comment): object => ({
  ...{ id, body, user: { login, type } },
  html_url: `https://github.com/o/r/pull/${issue}#issuecomment-${id}`,
})

const issueJson = ({ number, title, body, state, login, type }: Issue): object => ({
  ...{ number, title, body, state, user: { login, type }, html_url: `https://github.com/o/r/issues/${number}` },
})

const reviewJson = ({ path, line, ...comment }: Review): object => ({ ...commentJson(comment), path, line })
