// Findings that somebody accepted, as a list of Markdown.
import type { Report } from '../core/report.js'
import { code, prose } from './markdown.js'
import { accepted } from './status.js'

export const acceptedMarkdown = (report: Report): readonly string[] =>
  accepted(report).map(
    ({ rule, name, until, reason }) => `- ${code(rule)} in ${code(name)} until ${code(until)}: ${prose(reason)}`,
  )
