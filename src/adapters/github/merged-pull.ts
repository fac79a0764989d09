// Finds the pull request that brought a commit to its branch.
import type { PullNumber } from '../../model/change.js'
import type { Forge } from '../../ports/forge.js'
import { explainNeed, isOfGithub, type Client } from './client.js'
import { everyPage } from './pages.js'

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
