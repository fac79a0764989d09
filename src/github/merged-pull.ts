// The pull request that brought a commit to its branch.
import type { PullNumber } from '../core/pull.js'
import type { Forge } from '../ports/forge.js'
import { explain, isOfGithub, type Client } from './client.js'

export async function mergedPull(
  { rest, where }: Client,
  { commit }: Parameters<Forge['mergedPull']>[0],
): Promise<PullNumber> {
  try {
    const { data } = await rest.repos.listPullRequestsAssociatedWithCommit({
      ...where,
      commit_sha: commit,
      per_page: 100,
    })
    const [newest] = data.filter(({ merged_at: merged }) => merged !== null).toSorted((a, b) => b.number - a.number)
    if (newest !== undefined) return { found: true, number: newest.number }
    return { found: false, why: 'the commit came with no pull request' }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    return { found: false, why: explain(error) }
  }
}
