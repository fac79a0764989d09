// Finds out whether a check has passed for a commit.
import type { CheckResult } from '../../release/deployment.js'
import type { Forge } from '../../ports/forge.js'
import { explainNeed, isOfGithub, type Client, everyPage, idOf, MOST_PAGES } from './client.js'

/** A check run takes precedence over a commit status of the same name. GitHub lists only the newest status of each name. */
export async function checkOf(client: Client, { commit, name }: Parameters<Forge['checkOf']>[0]): Promise<CheckResult> {
  let permission = 'checks: read'
  try {
    const run = await ofRuns(client, commit, name)
    if (run !== undefined) return run
    permission = 'statuses: read'
    return (await ofStatuses(client, commit, name)) ?? { state: 'missing' }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    return { state: 'unknown', why: explainNeed(error, permission) }
  }
}

async function ofRuns(
  { rest, paginate, where }: Client,
  commit: string,
  name: string,
): Promise<CheckResult | undefined> {
  const about = { ...where, ref: commit, check_name: name, filter: 'latest' as const, per_page: 100 }
  const runs = await everyPage(paginate.iterator(rest.checks.listForRef, about), idOf)
  const newest = runs.toSorted((a, b) => b.id - a.id)[0]
  if (newest === undefined) return undefined
  return newest.status === 'completed' ? seen(newest.conclusion ?? 'no conclusion') : { state: 'pending' }
}

async function ofStatuses({ rest, where }: Client, commit: string, name: string): Promise<CheckResult | undefined> {
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data } = await rest.repos.getCombinedStatusForRef({ ...where, ref: commit, per_page: 100, page })
    const status = data.statuses.find(({ context }) => context === name)
    if (status !== undefined) return status.state === 'pending' ? { state: 'pending' } : seen(status.state)
    if (page * 100 >= data.total_count) break
  }
  return undefined
}

/** Neutral and skipped runs checked nothing. */
function seen(word: string): CheckResult {
  if (word === 'success') return { state: 'success' }
  return word === 'failure' ? { state: 'failure' } : { state: 'failure', why: word }
}
