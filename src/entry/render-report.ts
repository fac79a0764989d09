// One report in the format that was asked for.
import type { Report } from '../core/report.js'
import { renderAnnotations } from '../render/annotations.js'
import { renderJson } from '../render/json.js'
import { renderSummary } from '../render/summary.js'
import { renderText } from '../render/text.js'
import type { Format } from './options.js'

/** Columns of a text that goes to a file, a pipe or a log. */
const WIDE = 120

export type Look = {
  readonly width: number | undefined
  readonly colour: boolean
  readonly verbosity: 'quiet' | 'normal' | 'verbose'
}

/** Ends with a line feed, unless there is nothing to say. */
export function renderReport(report: Report, format: Format, look: Look): string {
  switch (format) {
    case 'text':
      return renderText(report, { width: look.width ?? WIDE, colour: look.colour, verbosity: look.verbosity })
    case 'json':
      return renderJson(report)
    case 'markdown':
      return renderSummary(report)
    case 'annotations':
      return renderAnnotations(report)
        .map((line) => `${line}\n`)
        .join('')
  }
}
