// Renders a report in the requested format.
import { RULES } from '../rules/index.js'
import { isLive, type AnyReport, type LiveReport } from '../report/run-report.js'
import { COMMENT_LIMIT } from '../report/posting.js'
import { renderComment } from '../render/markdown/comment.js'
import { renderAnnotations, renderLiveAnnotations } from '../render/annotations.js'
import { renderHtml } from '../render/html/report.js'
import { renderJson } from '../render/json.js'
import { renderLiveSummary } from '../render/markdown/run-summary.js'
import { renderLiveText } from '../render/text/run.js'
import { renderSarif } from '../render/sarif.js'
import { renderSummary } from '../render/markdown/check-summary.js'
import { renderText } from '../render/text/check.js'
import type { Format } from './options/option.js'

/** Columns of text for a file, a pipe or a log. */
const WIDE = 120

export type Look = {
  readonly width: number | undefined
  readonly colour: boolean
  readonly verbosity: 'quiet' | 'normal' | 'verbose'
}

/** Ends with a line feed, unless it is empty. */
export function renderReport(report: AnyReport, format: Format, look: Look): string {
  if (format === 'json') return renderJson(report)
  if (isLive(report)) return renderLive(report, format, look)
  switch (format) {
    case 'text':
      return renderText(report, textOptions(look))
    case 'markdown':
      return renderSummary(report)
    case 'sarif':
      return renderSarif(report, RULES)
    case 'html':
      return renderHtml(report)
    case 'comment':
      return renderComment(report, { limit: COMMENT_LIMIT }).body
    case 'annotations':
      return lines(renderAnnotations(report))
  }
}

function renderLive(report: LiveReport, format: Exclude<Format, 'json'>, look: Look): string {
  switch (format) {
    case 'text':
      return renderLiveText(report, textOptions(look))
    case 'markdown':
    case 'comment':
      return renderLiveSummary(report)
    case 'annotations':
      return lines(renderLiveAnnotations(report))
    case 'sarif':
    case 'html':
      throw new Error(`${report.command} makes no ${format} report`)
  }
}

const textOptions = ({ width, colour, verbosity }: Look) => ({ width: width ?? WIDE, colour, verbosity })

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('')
