// The Forge port on GitHub.
import type { Forge } from '../../ports/forge.js'
import { createClient, explain, isOfGithub, type ClientOptions } from './client.js'
import { checkOf } from './check-run.js'
import { post } from './comments.js'
import { deployed } from './deployments.js'
import { keepIssue } from './issues.js'
import { mergedPull, openPulls } from './open-pulls.js'

/** Throws a UserError for an invalid name of the repository. */
export function createForge(options: ClientOptions): Forge {
  const client = createClient(options)
  return {
    checkOf: (about) => checkOf(client, about),
    deployed: (news) => deployed(client, news),
    mergedPull: (about) => mergedPull(client, about),
    issue: (news) => keepIssue(client, news),
    openPulls: (about) => openPulls(client, about),
    post: (posting) => post(client, posting),
    pull: async ({ number }) => {
      try {
        const { data } = await client.rest.pulls.get({ ...client.where, pull_number: number })
        return { found: true, head: data.head.sha }
      } catch (error) {
        if (!isOfGithub(error)) throw error
        return { found: false, why: explain(error) }
      }
    },
    pullOf: async ({ owner, branch, commit }) => {
      try {
        const { data } = await client.rest.pulls.list({ ...client.where, state: 'open', head: `${owner}:${branch}` })
        const number = data.find(({ head }) => head.sha === commit)?.number
        if (number !== undefined) return { found: true, number }
        return { found: false, why: 'no open pull request has the checked commit as its newest one' }
      } catch (error) {
        if (!isOfGithub(error)) throw error
        return { found: false, why: explain(error) }
      }
    },
  }
}
