// Deployments, so that the page of an environment shows what was brought there and how it went.
import { randomUUID } from 'node:crypto'
import type { DeploymentNews, DeploymentResult } from '../../release/deployment.js'
import { explainNeed, isOfGithub, type Client } from './client.js'
import { cutTo } from './comment-body.js'
import { createOnce } from './pages.js'
import { everyPage, idOf } from './pages.js'

/** GitHub takes no more of a description (its OpenAPI description, "create a deployment status"). */
const LONGEST = 140

/** What ours are called among those of other tools. */
const TASK = 'deploy:migrations'

/** One that was begun is told even where its state could not be. */
export async function deployed(client: Client, news: DeploymentNews): Promise<DeploymentResult> {
  let deployment = news.deployment
  try {
    deployment ??= await begin(client, news)
    if (deployment === undefined) return { deployment, why: 'GitHub merged something instead of making a deployment' }
    await client.rest.repos.createDeploymentStatus({
      ...client.where,
      deployment_id: deployment,
      state: news.state,
      description: cutTo(LONGEST, news.description),
      ...(news.url !== undefined && { log_url: news.url }),
      // The same state told twice is still the state.
      request: { repeatable: true },
    })
    return { deployment }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    return { deployment, why: explainNeed(error, 'deployments: write') }
  }
}

/** The payload tells this one from those of earlier runs of the same commit, where the answer got lost. */
function begin(client: Client, { environment, ref, production }: DeploymentNews): Promise<number | undefined> {
  const { rest, paginate, where } = client
  const mark = randomUUID()
  const about = { ...where, ref, environment, task: TASK }
  return createOnce(
    async () => {
      const { data } = await rest.repos.createDeployment({
        ...about,
        production_environment: production,
        payload: { mark },
        auto_merge: false,
        required_contexts: [],
      })
      return 'id' in data ? data.id : undefined
    },
    async () => {
      const pages = paginate.iterator(rest.repos.listDeployments, { ...about, per_page: 100 })
      // GitHub gives a payload as it was sent or as the text of that.
      return (await everyPage(pages, idOf)).find(({ payload }) => JSON.stringify(payload).includes(mark))?.id
    },
  )
}
