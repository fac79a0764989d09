// Something wrong that was seen while a folder was read. A check of the same name turns it into a finding.
import type { Finding } from './finding.js'

export type Problem = Omit<Finding, 'database' | 'level'>
