// Creates deployments, so that the page of an environment shows what was deployed and the outcome.
import { randomUUID } from 'node:crypto'
import type { DeploymentNews, DeploymentResult } from '../../release/deployment.js'
import { explainNeed, isOfGithub, type Client, createOnce, everyPage, idOf } from './client.js'
import { cutTo } from './comment-body.js'

/** GitHub's limit for a description, in characters (its OpenAPI description, "create a deployment status"). */
const LONGEST = 140

/** Distinguishes our deployments from those of other tools. */
const TASK = 'deploy:migrations'

/** Gives the created deployment even if its state could not be set. */
export async function deployed(client: Client, news: DeploymentNews): Promise<DeploymentResult> {
  let deployment = news.deployment
  try {
    deployment ??= await begin(client, news)
    if (deployment === undefined)
      return { deployment, why: 'GitHub merged the branch instead of creating a deployment' }
    await client.rest.repos.createDeploymentStatus({
      ...client.where,
      deployment_id: deployment,
      state: news.state,
      description: cutTo(LONGEST, news.description),
      ...(news.url !== undefined && { log_url: news.url }),
      // Setting the same state twice is harmless.
      request: { repeatable: true },
    })
    return { deployment }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    return { deployment, why: explainNeed(error, 'deployments: write') }
  }
}

/** After a lost answer, the payload distinguishes this deployment from earlier ones of the same commit. */
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
      // GitHub returns a payload as it was sent, or as text.
      return (await everyPage(pages, idOf)).find(({ payload }) => JSON.stringify(payload).includes(mark))?.id
    },
  )
}
