// The Clock port, with the clock of this machine.
import { pause } from '../../model/pause.js'
import type { Clock } from '../../ports/host.js'

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now(), pause }
