// Name, version and purpose of this program. A test keeps the version equal to that of package.json, which a bundle cannot read.
import { PROGRAM } from '../model/command.js'
import type { Report } from '../report/check-report.js'

export const TOOL: Report['tool'] = { name: PROGRAM, version: '0.1.0' }

/** In one sentence, on every surface. */
export const TOOL_ABOUT = 'Proves that PostgreSQL migrations can be applied, rolled back and applied again.'
