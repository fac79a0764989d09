// Findings that somebody accepted, as a list of Markdown.
import type { Report } from '../../report/check-report.js'
import { code, prose } from './escape.js'
import { accepted } from '../words/check.js'

export const acceptedMarkdown = (report: Report): readonly string[] =>
  accepted(report).map(
    ({ rule, name, until, reason }) => `- ${code(rule)} in ${code(name)} until ${code(until)}: ${prose(reason)}`,
  )
