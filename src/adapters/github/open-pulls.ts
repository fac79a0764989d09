// Reads pull requests: the other open ones, and the one that brought a commit.
import { createLimit } from '../../model/limit.js'
import type { OpenPull, PullFile, PullNumber } from '../../model/change.js'
import type { Forge } from '../../ports/forge.js'
import { explain, isOfGithub, type Client, explainNeed, everyPage } from './client.js'

/** Number of pull requests to read. Each costs a request, and a job has a thousand per hour. */
const MOST_PULLS = 40

/** Number of requests at the same time. GitHub asks for few. */
const AT_A_TIME = 8

/** Reads the most recently changed ones first. `notSeen` lists what could not be read. */
export async function openPulls(
  { rest, paginate, where }: Client,
  { branch, except }: Parameters<Forge['openPulls']>[0],
): ReturnType<Forge['openPulls']> {
  try {
    const { data } = await rest.pulls.list({
      ...where,
      state: 'open',
      base: branch,
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
    })
    const others = data.filter(({ number }) => number !== except)
    const seen = others.slice(0, MOST_PULLS)
    const pulls: OpenPull[] = []
    const unread: string[] = []
    const inTurn = createLimit(AT_A_TIME)
    const look = async ({ number, title, html_url: url, user }: (typeof seen)[number]): Promise<void> => {
      try {
        const pages = paginate.iterator(rest.pulls.listFiles, { ...where, pull_number: number, per_page: 100 })
        const files = await everyPage(pages, ({ filename }) => filename)
        pulls.push({ number, title, url, author: user?.login ?? 'its author', files: files.map(fileOf) })
      } catch (error) {
        if (!isOfGithub(error)) throw error
        unread.push(`pull request ${number} was not read: ${explain(error)}`)
      }
    }
    await Promise.all(seen.map((one) => inTurn(() => look(one))))
    const more = others.length - seen.length
    const notSeen = `other open pull requests: only the ${seen.length} that changed last were read`
    return {
      pulls: pulls.toSorted((a, b) => a.number - b.number),
      notSeen: [...unread, ...(more > 0 || data.length === 100 ? [notSeen] : [])],
    }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    const need = 'for a private repository the job needs the permission pull-requests: read'
    return { pulls: [], notSeen: [`other open pull requests were not read: ${explain(error)}; ${need}`] }
  }
}

const STATES: Readonly<Record<string, PullFile['status']>> = {
  added: 'added',
  copied: 'added',
  modified: 'modified',
  changed: 'modified',
  removed: 'removed',
  renamed: 'renamed',
}

const fileOf = ({ filename, status }: { filename: string; status: string }): PullFile => ({
  path: filename,
  status: STATES[status] ?? 'other',
})

/** The pull request whose merge created the commit, else the one that was merged last. */
export async function mergedPull(
  { rest, paginate, where }: Client,
  { commit }: Parameters<Forge['mergedPull']>[0],
): Promise<PullNumber> {
  try {
    const about = { ...where, commit_sha: commit, per_page: 100 }
    const pulls = await everyPage(
      paginate.iterator(rest.repos.listPullRequestsAssociatedWithCommit, about),
      ({ number }) => number,
    )
    const merged = pulls
      .flatMap(({ number, merged_at: at, merge_commit_sha: made }) => (at === null ? [] : [{ number, at, made }]))
      .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
    const one = merged.find(({ made }) => made === commit) ?? merged[0]
    if (one !== undefined) return { found: true, number: one.number }
    return { found: false, why: 'the commit belongs to no pull request' }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    return { found: false, why: explainNeed(error, 'pull-requests: read') }
  }
}
