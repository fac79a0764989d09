// The facts of a script that does nothing, or was not watched.
import type { Impact } from './facts.js'

/** A script that does nothing. */
export const NOTHING: Impact = {
  statements: [],
  relations: [],
  holds: [],
  rewritten: [],
  scanned: [],
  built: [],
  changed: [],
  refused: [],
  broken: [],
  answers: [],
  access: [],
  lost: [],
  left: [],
  unindexed: [],
  order: [],
  notJudged: [],
  lockTimeout: false,
}

/** `why` is a sentence. */
export const notWatched = (why: string): Impact => ({ ...NOTHING, notJudged: [why] })
