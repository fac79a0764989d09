// Reads a report from a file that anyone may have written, and checks its shape.
import { UserError } from '../model/errors.js'
import { Misfit, readJson } from '../schema/read-json.js'
import type { Report } from './check-report.js'
import { checkReport } from './check-shape.js'

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
