// Whether a check has passed for a commit.
import type { SeenCheck } from '../core/forge-deploy.js'
import type { Forge } from '../ports/forge.js'
import { explain, isOfGithub, type Client } from './client.js'

/** A check run counts before a commit status of the same name. */
export async function checkOf(client: Client, { commit, name }: Parameters<Forge['checkOf']>[0]): Promise<SeenCheck> {
  try {
    return (await ofRuns(client, commit, name)) ?? (await ofStatuses(client, commit, name)) ?? { state: 'missing' }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    return { state: 'unknown', why: `${explain(error)}; the job needs the permissions checks: read and statuses: read` }
  }
}

async function ofRuns({ rest, where }: Client, commit: string, name: string): Promise<SeenCheck | undefined> {
  const { data } = await rest.checks.listForRef({
    ...where,
    ref: commit,
    check_name: name,
    filter: 'latest',
    per_page: 100,
  })
  const newest = data.check_runs.toSorted((a, b) => b.id - a.id)[0]
  if (newest === undefined) return undefined
  if (newest.status !== 'completed') return { state: 'pending' }
  if (newest.conclusion === 'success') return { state: 'success' }
  return { state: 'failure', why: newest.conclusion ?? 'no conclusion' }
}

async function ofStatuses({ rest, where }: Client, commit: string, name: string): Promise<SeenCheck | undefined> {
  const { data } = await rest.repos.getCombinedStatusForRef({ ...where, ref: commit, per_page: 100 })
  const status = data.statuses.find(({ context }) => context === name)
  if (status === undefined) return undefined
  if (status.state === 'success' || status.state === 'pending') return { state: status.state }
  return { state: 'failure', why: status.state }
}
