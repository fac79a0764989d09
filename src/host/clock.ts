// The Clock port of this machine.
import type { Clock } from '../ports.js'

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() }
