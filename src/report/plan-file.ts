// Reads the JSON report of a plan from a file that anyone may have written -> its approval plan.
import { UserError } from '../model/errors.js'
import { digestOf, type ApprovalPlan } from '../release/approval-digest.js'
import { Misfit, readJson } from '../schema/read-json.js'
import { sheet as sheetShape } from './preview-shape.js'

/**
 * Throws a UserError for a text that is not a report of a plan, or whose digest does not match its plan. It reads
 * nothing else of the report, because only the plan is approved. `file` is for messages.
 */
export function readPlanFile(text: string, file: string): ApprovalPlan {
  const refuse = (why: string): UserError => {
    const fix = 'Name the JSON report of the plan, as plan --output json=plan.json wrote it.'
    return new UserError({ kind: 'use', what: `${file} holds no plan: ${why}`, fix })
  }
  try {
    const report: unknown = JSON.parse(text)
    const approval = member(report, 'approval')
    if (member(report, 'command') !== 'plan') throw refuse('it is not a report of plan')
    const sheet = readJson(sheetShape, member(approval, 'sheet'), 'report.approval.sheet')
    if (digestOf(sheet) !== member(approval, 'digest')) throw refuse('its digest is not the digest of its contents')
    return sheet
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse('it is not JSON')
    if (error instanceof Misfit) throw refuse(`it is not a report of plan: ${error.message.slice(0, 100)}`)
    throw error
  }
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
