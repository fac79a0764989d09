// The JavaScript engine, set for runs that last seconds.
import v8 from 'node:v8'

/**
 * For programs of ours only, before anything heavy is loaded: it holds for the whole process. Only Node 20 needs it.
 *
 * Its V8 optimises a function after it has run for a while. In a run of a few seconds that costs more than it gives
 * (measured: a quarter of all CPU time of a check of 1,000 migrations), so it waits longer here; what a long run repeats is
 * optimised all the same. And since it has no `navigator`, pg loads the whole of fetch to find out what it runs on.
 */
export function tuneEngine(): void {
  if (!process.version.startsWith('v20.')) return
  v8.setFlagsFromString('--interrupt-budget=1000000')
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Node.js/20' }, configurable: true })
}
