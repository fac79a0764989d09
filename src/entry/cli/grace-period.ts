// How long a run may go on after somebody asked it to end, and what is said then.
import type { CreateRequest } from '../../commands/create/request.js'
import { isLiveRequest, type Request } from '../../commands/shared/request.js'

/** Undefined: for as long as it takes. */
export type GracePeriod = { readonly gracePeriodMs: number | undefined; readonly words: string }

/** A step on a live database is never left half way of our own accord; anything else has `normalMs` to clean up. */
export const gracePeriodFor = (request: Request | CreateRequest, normalMs: number): GracePeriod =>
  request.command !== 'create' && isLiveRequest(request)
    ? { gracePeriodMs: undefined, words: 'ending after the step that is running now (again: at once)' }
    : { gracePeriodMs: normalMs, words: 'ending what is running and cleaning up' }
