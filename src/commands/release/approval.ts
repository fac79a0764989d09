// What somebody approved, read from the options and from the file of the plan; and where a run comes from.
import { UserError } from '../../model/errors.js'
import type { Approval, CheckState } from '../../release/gate.js'
import { readPlanFile } from '../../report/plan-file.js'
import { isDigest } from '../../release/approval-digest.js'
import type { DeployRules } from '../../model/config.js'
import type { DeployRequest } from '../shared/request.js'
import type { World } from '../shared/context.js'

/** Undefined where nothing was approved. Rejects with a UserError for what is no digest, and for a file that holds no plan. */
export async function readApproval(
  { digest, plan }: Pick<DeployRequest, 'digest' | 'plan'>,
  { files }: Pick<World, 'files'>,
): Promise<Approval | undefined> {
  if (digest !== undefined && !isDigest(digest)) {
    const what = `"${digest}" is no digest: 8 to 64 of the digits 0-9 and a-f`
    throw new UserError({ kind: 'use', what, fix: 'Copy it from the plan that was approved.' })
  }
  if (plan === undefined) return digest === undefined ? undefined : { approved: digest, sheet: undefined }
  const kind = await files.kind(plan)
  const { text, unreadable: why } = await files.read(plan, folderOf(plan))
  const unreadable = kind === undefined ? 'there is no such file' : why
  if (unreadable !== undefined) {
    const fix = 'Name the JSON report of the plan: pg-migration-gate plan --output json=plan.json.'
    throw new UserError({ kind: 'use', what: `the plan ${plan} cannot be read: ${unreadable}`, fix })
  }
  const sheet = readPlanFile(text, plan)
  // The file alone approves nothing: whoever made it is not whoever looked at it.
  return digest === undefined ? undefined : { approved: digest, sheet }
}

/** As the path names it: `/` for a file that stands in the root of the disk. */
const folderOf = (file: string): string => file.slice(0, Math.max(file.startsWith('/') ? 1 : 0, file.lastIndexOf('/')))

/** The check run that the config demands; undefined where it demands none. */
export async function checkOf(
  { check }: Pick<DeployRules, 'check'>,
  commit: string | undefined,
  { forge }: Pick<World, 'forge'>,
): Promise<CheckState | undefined> {
  if (check === undefined) return undefined
  if (forge === undefined) return { name: check, state: 'unknown', why: 'there is no token to ask GitHub with' }
  if (commit === undefined) return { name: check, state: 'unknown', why: 'there is no commit to ask about' }
  return { name: check, ...(await forge.checkOf({ commit, name: check })) }
}
