// How long a run may go on after somebody asked it to end, and what is said then.
import type { CreateRequest } from '../../commands/create/request.js'
import { isLiveRequest, type Request } from '../../commands/shared/request.js'

/** Undefined: for as long as it takes. */
export type Patience = { readonly patienceMs: number | undefined; readonly words: string }

/** A step on a live database is never left half way of our own accord; anything else has `usual` milliseconds to clean up. */
export const patienceWith = (request: Request | CreateRequest, usual: number): Patience =>
  request.command !== 'create' && isLiveRequest(request)
    ? { patienceMs: undefined, words: 'stopping after the current step (again: at once)' }
    : { patienceMs: usual, words: 'stopping and cleaning up' }
