// How long a run may continue after a signal, and the message about it.
import type { Command } from '../options/commands.js'
import { LIVE_COMMANDS } from '../../report/run-report.js'

/** `gracePeriodMs` is undefined for as long as it takes. `words` is the message after the first signal. */
export type GracePeriod = { readonly gracePeriodMs: number | undefined; readonly words: string }

/** A step on a live database may always finish. Anything else has `normalMs` to clean up. */
export const gracePeriodFor = ({ command }: { readonly command: Command }, normalMs: number): GracePeriod =>
  LIVE_COMMANDS.some((live) => live === command)
    ? { gracePeriodMs: undefined, words: 'stopping after the current step (again: at once)' }
    : { gracePeriodMs: normalMs, words: 'stopping and cleaning up' }
