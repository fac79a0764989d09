// What the fake GitHub keeps of checks, deployments, merged pull requests and issues.

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
  readonly task: string
  readonly payload: unknown
  /** What was asked for beside these. */
  readonly rest: object
  /** `state: description` of each, and the address of the log where there is one. */
  readonly states: string[]
}
export type Issue = {
  readonly number: number
  title: string
  body: string
  state: 'open' | 'closed'
  login: string
  type: 'Bot' | 'User'
  readonly pull?: true
}
/** A pull request that a commit came with. */
export type Brought = {
  readonly sha: string
  readonly number: number
  readonly mergedAt: string | null
  readonly mergeCommit: string
}

export type DeployState = {
  readonly checks: CheckRun[]
  readonly statuses: Status[]
  readonly deployments: Deployment[]
  readonly issues: Issue[]
  readonly brought: Brought[]
  /** Numbers of merged pull requests, by the commit that their merge made. */
  readonly merged: Map<string, number>
}

export type DeployCall = {
  readonly name: string
  readonly values: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: string
  readonly identity: { readonly login: string; readonly type: 'Bot' | 'User' }
  readonly newId: () => number
  /** The most characters of an issue. */
  readonly limit: number
  readonly send: (status: number, value: unknown) => void
  /** Sends one page; `around` puts the list into what GitHub puts it into. */
  readonly page: <T>(all: readonly T[], shown: (one: T) => unknown, around?: (page: unknown[]) => unknown) => void
}

/** False for an operation that is about something else. */
export function answerDeploy(state: DeployState, call: DeployCall): boolean {
  const { name, values, query, body, send, page } = call
  switch (name) {
    case 'get /repos/{owner}/{repo}/commits/{ref}/check-runs': {
      const runs = state.checks.filter((run) => run.sha === values['ref'] && run.name === query.get('check_name'))
      page(runs, same, (check_runs) => ({ total_count: runs.length, check_runs }))
      return true
    }
    case 'get /repos/{owner}/{repo}/commits/{ref}/status': {
      const all = state.statuses.filter(({ sha }) => sha === values['ref'])
      const url = `https://api.example/commits/${values['ref'] ?? ''}/status`
      page(all, same, (statuses) => ({ state: 'success', statuses, total_count: all.length, url }))
      return true
    }
    case 'get /repos/{owner}/{repo}/commits/{commit_sha}/pulls': {
      const sha = values['commit_sha'] ?? ''
      const number = state.merged.get(sha)
      const one = number === undefined ? [] : [{ sha, number, mergedAt: '2026-11-23T16:00:00Z', mergeCommit: sha }]
      page([...one, ...state.brought.filter((pull) => pull.sha === sha)], broughtJson)
      return true
    }
    case 'get /repos/{owner}/{repo}/deployments': {
      const wanted = (['environment', 'ref', 'task'] as const).filter((field) => query.has(field))
      const all = state.deployments.filter((one) => wanted.every((field) => one[field] === query.get(field)))
      page(all.toReversed(), same)
      return true
    }
    case 'post /repos/{owner}/{repo}/deployments': {
      const {
        environment = 'production',
        ref,
        task = 'deploy',
        payload = '',
        ...rest
      } = JSON.parse(body) as Partial<Deployment>
      const made: Deployment = { id: call.newId(), environment, ref: ref ?? '', task, payload, rest, states: [] }
      state.deployments.push(made)
      send(201, made)
      return true
    }
    case 'post /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': {
      const one = state.deployments.find(({ id }) => id === Number(values['deployment_id']))
      const { state: now, description = '', log_url: log } = JSON.parse(body) as Record<string, string>
      if (description.length > 140) {
        send(422, { message: 'Validation Failed: description is too long (maximum is 140 characters)' })
        return true
      }
      one?.states.push(`${now ?? ''}: ${description}${log === undefined ? '' : ` ${log}`}`)
      send(one === undefined ? 404 : 201, one ?? MISSING)
      return true
    }
    case 'get /repos/{owner}/{repo}/issues': {
      const creator = query.get('creator')
      const wanted = (query.get('state') ?? 'open') as Issue['state']
      const all = state.issues.filter((one) => one.state === wanted && (creator ?? one.login) === one.login)
      page(all.toReversed(), issueJson)
      return true
    }
    case 'post /repos/{owner}/{repo}/issues': {
      const { title, body: text } = JSON.parse(body) as Pick<Issue, 'title' | 'body'>
      if (refusedText(call, title, text)) return true
      const made: Issue = { number: call.newId(), title, body: text, state: 'open', ...call.identity }
      state.issues.push(made)
      send(201, issueJson(made))
      return true
    }
    case 'patch /repos/{owner}/{repo}/issues/{issue_number}': {
      const one = state.issues.find(({ number }) => number === Number(values['issue_number']))
      const changes = JSON.parse(body) as Partial<Issue>
      if (refusedText(call, changes.title, changes.body)) return true
      if (one !== undefined) Object.assign(one, changes)
      send(one === undefined ? 404 : 200, one === undefined ? MISSING : issueJson(one))
      return true
    }
    default:
      return false
  }
}

const MISSING = { message: 'Not Found' }

const same = (one: unknown): unknown => one

function refusedText({ limit, send }: DeployCall, title = '', body = ''): boolean {
  const wrong = title.length > 256 ? 'title' : body.length > limit ? 'body' : undefined
  if (wrong === undefined) return false
  send(422, { message: `Validation Failed: ${wrong} is too long` })
  return true
}

const broughtJson = ({ number, mergedAt, mergeCommit }: Brought): object => ({
  id: number + 5000,
  number,
  merged_at: mergedAt,
  merge_commit_sha: mergeCommit,
})

const issueJson = ({ number, title, body, state, login, type, pull }: Issue): object => ({
  id: number + 9000,
  number,
  title,
  body,
  state,
  user: { login, type },
  html_url: `https://github.com/o/r/issues/${number}`,
  ...(pull && { pull_request: {} }),
})
