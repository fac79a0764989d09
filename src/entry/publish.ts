// Writes a report, or the reason why there is none, to streams and files.
import type { AnyReport } from '../report/run-report.js'
import { UserError } from '../model/errors.js'
import { hideIn } from '../report/redact.js'
import type { Files } from '../ports/files.js'
import { describeError } from '../adapters/host/disk.js'
import { printable, printableCommands, printableJson, type Surface } from '../adapters/host/printable.js'
import { redact, type Secrets } from '../adapters/host/secrets.js'
import type { Output } from './options/read-options.js'
import { renderReport, type Look } from './render-report.js'
import type { Format } from './options/option.js'

/** `surface` is `log` if a GitHub runner reads the output. */
export type Public = { readonly surface: Surface; readonly colour: boolean; readonly secrets: Secrets }

/** Hides secrets before rendering, because a renderer may escape them (`&quot;`, `\\"`). */
export const withoutHidden = <R extends AnyReport>(report: R, secrets: Secrets): R =>
  hideIn(report, (text) => redact(text, secrets))

/** JSON and SARIF are not redacted again after rendering, because a secret may equal a name or word of the format. */
const rendered = (report: AnyReport, format: Format, look: Look, secrets: Secrets): string => {
  const text = renderReport(report, format, look)
  return format === 'json' || format === 'sarif' ? text : redact(text, secrets)
}

/** Makes a report from `withoutHidden` safe to print. */
export function showReport(options: { report: AnyReport; format: Format; look: Look; to: Public }): string {
  const { report, format, look, to } = options
  const text = rendered(report, format, look, to.secrets)
  if (format === 'json') return printableJson(text)
  return format === 'annotations' ? printableCommands(text) : printable(text, to)
}

/** Makes any other text safe to print. */
export const showText = (text: string, to: Public): string => printable(redact(text, to.secrets), to)

/** Writes the report to every requested file. Text has no colours and full width. */
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
      const fix = 'Use a file in a writable folder.'
      throw new UserError({
        kind: 'environment',
        what: `the report could not be written to ${file}: ${describeError(error)}`,
        fix,
      })
    })
  }
}
