// A report, or the reason why there is none -> streams and files.
import type { AnyReport } from '../core/live-report.js'
import { UserError } from '../core/errors.js'
import type { Files } from '../ports/files.js'
import { describeError } from '../host/disk.js'
import { printable, printableCommands, printableJson, type Surface } from '../host/printable.js'
import { redact, type Secrets } from '../host/secrets.js'
import type { Output } from './read-options.js'
import { renderReport, type Look } from './render-report.js'
import type { Format } from './choices.js'

/** `surface` is `log` where a GitHub runner reads along. */
export type Public = { readonly surface: Surface; readonly colour: boolean; readonly secrets: Secrets }

/** What may be printed of a report. */
export function showReport(options: { report: AnyReport; format: Format; look: Look; to: Public }): string {
  const { report, format, look, to } = options
  const text = redact(renderReport(report, format, look), to.secrets)
  if (format === 'json') return printableJson(text)
  return format === 'annotations' ? printableCommands(text) : printable(text, to)
}

/** What may be printed of any other text. */
export const showText = (text: string, to: Public): string => printable(redact(text, to.secrets), to)

/** The report in every file that was asked for; text without colours and in full width. */
export async function writeOutputs(options: {
  readonly report: AnyReport
  readonly outputs: readonly Output[]
  readonly verbosity: Look['verbosity']
  readonly files: Files
  readonly secrets: Secrets
}): Promise<void> {
  const { report, outputs, verbosity, files, secrets } = options
  for (const { format, file } of outputs) {
    const text = redact(renderReport(report, format, { width: undefined, colour: false, verbosity }), secrets)
    await files.write(file, text).catch((error: unknown) => {
      const fix = 'Name a file in a folder that can be written to.'
      throw new UserError({
        kind: 'environment',
        what: `the report could not be written to ${file}: ${describeError(error)}`,
        fix,
      })
    })
  }
}
