// Deployments, so that the page of an environment shows what was brought there and how it went.
import type { DeploymentNews, DeploymentTold } from '../core/forge-deploy.js'
import { explain, isLost, isOfGithub, type Client } from './client.js'

/** GitHub takes no more of a description (its OpenAPI description, "create a deployment status"). */
const LONGEST = 140

/** What ours are called among those of other tools. */
const TASK = 'deploy:migrations'

export async function deployed(client: Client, news: DeploymentNews): Promise<DeploymentTold> {
  try {
    const deployment = news.deployment ?? (await begin(client, news))
    await client.rest.repos.createDeploymentStatus({
      ...client.where,
      ...{ deployment_id: deployment, state: news.state, description: news.description.slice(0, LONGEST) },
      ...(news.url !== undefined && { log_url: news.url }),
    })
    return { deployment }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    return { why: `${explain(error)}; the job needs the permission deployments: write` }
  }
}

/** Where the answer got lost, one of this ref and environment that is there already is the one. */
async function begin({ rest, where }: Client, { environment, ref, production }: DeploymentNews): Promise<number> {
  try {
    const { data } = await rest.repos.createDeployment({
      ...{ ...where, ref, environment, task: TASK, production_environment: production },
      ...{ auto_merge: false, required_contexts: [] },
    })
    if ('id' in data) return data.id
    throw new Error('GitHub merged something instead of making a deployment')
  } catch (error) {
    if (!isLost(error)) throw error
    const { data } = await rest.repos.listDeployments({ ...where, ref, environment, task: TASK, per_page: 1 })
    if (data[0] === undefined) throw error
    return data[0].id
  }
}
