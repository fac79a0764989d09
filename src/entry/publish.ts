// A report, or the reason why there is none -> streams and files.
import type { AnyReport } from '../report/run-report.js'
import { UserError } from '../model/errors.js'
import { hideIn } from '../report/mask.js'
import type { Files } from '../ports/files.js'
import { describeError } from '../adapters/host/disk.js'
import { printable, printableCommands, printableJson, type Surface } from '../adapters/host/printable.js'
import { redact, type Secrets } from '../adapters/host/secrets.js'
import type { Output } from './options/read-options.js'
import { renderReport, type Look } from './render-report.js'
import type { Format } from './options/option.js'

/** `surface` is `log` where a GitHub runner reads along. */
export type Public = { readonly surface: Surface; readonly colour: boolean; readonly secrets: Secrets }

/** The report that is shown: a renderer may write a secret in other letters than it has (`&quot;`, `\\"`). */
export const withoutHidden = <R extends AnyReport>(report: R, secrets: Secrets): R =>
  hideIn(report, (text) => redact(text, secrets))

/** Names and words of a format would be taken for secrets that are such words; what is not of the report is ours. */
const rendered = (report: AnyReport, format: Format, look: Look, secrets: Secrets): string => {
  const text = renderReport(report, format, look)
  return format === 'json' || format === 'sarif' ? text : redact(text, secrets)
}

/** What may be printed of a report that `withoutHidden` gave. */
export function showReport(options: { report: AnyReport; format: Format; look: Look; to: Public }): string {
  const { report, format, look, to } = options
  const text = rendered(report, format, look, to.secrets)
  if (format === 'json') return printableJson(text)
  return format === 'annotations' ? printableCommands(text) : printable(text, to)
}

/** What may be printed of any other text. */
export const showText = (text: string, to: Public): string => printable(redact(text, to.secrets), to)

/** The report in every file that was asked for; text without colours and in full width. */
export async function writeOutputs(options: {
  report: AnyReport
  outputs: readonly Output[]
  verbosity: Look['verbosity']
  files: Files
  secrets: Secrets
}): Promise<void> {
  const { report, outputs, verbosity, files, secrets } = options
  for (const { format, file } of outputs) {
    const text = rendered(report, format, { width: undefined, colour: false, verbosity }, secrets)
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
