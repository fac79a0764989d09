// Reads reports from files that anyone may have written, and checks their shape: of a check, and the approval plan of a plan.
import { UserError } from '../model/errors.js'
import { Misfit, readJson } from '../schema/read-json.js'
import type { Report } from './check-report.js'
import { checkReport } from './check-shape.js'
import { digestOf, type ApprovalPlan } from '../release/approval-digest.js'
import { sheet as sheetShape } from './preview-shape.js'

/** Throws a UserError with the place where the text does not match. */
export function readReport(json: string): Report {
  try {
    return readJson(checkReport, JSON.parse(json), 'report')
  } catch (error) {
    if (!(error instanceof Misfit) && !(error instanceof SyntaxError)) throw error
    const where = error instanceof Misfit ? `: ${error.message.slice(0, 100)}` : ': it is not JSON'
    const fix = 'Give the file that the output report of a check names, as the same version wrote it.'
    throw new UserError({ kind: 'use', what: `the file is not a report of a check${where}`, fix })
  }
}

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
