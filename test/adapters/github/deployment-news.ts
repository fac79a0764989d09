// A deployment that goes on, as tests post it.
import type { DeploymentNews } from '../../../src/release/deployment.js'

/** The commit of the deployment. */
export const SHA = 'ab'.repeat(20)

export const deploymentNews = (more: Partial<DeploymentNews> = {}): DeploymentNews => ({
  environment: 'production',
  ref: SHA,
  production: true,
  state: 'in_progress',
  description: 'going',
  url: undefined,
  deployment: undefined,
  ...more,
})
