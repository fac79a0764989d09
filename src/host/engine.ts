// The JavaScript engine, set for runs that last seconds.
import { mkdirSync, statSync } from 'node:fs'
import nodeModule from 'node:module'
import { homedir } from 'node:os'
import path from 'node:path'
import v8 from 'node:v8'
import { cacheBases, isOwnAlone } from '../core/account-cache.js'

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

/**
 * Keeps what the engine made of the files that are loaded from now on, in the account's own cache folder, for the next run
 * (measured: 30 ms of each). Node 22.8 and later can; where a folder of our own cannot be had, nothing is kept.
 * https://nodejs.org/api/module.html#module-compile-cache
 */
export function keepCompiled(environment: NodeJS.ProcessEnv): void {
  const { enableCompileCache } = nodeModule as Partial<typeof nodeModule>
  if (enableCompileCache === undefined || environment['NODE_COMPILE_CACHE'] !== undefined) return
  const folder = ownCacheFolder(environment)
  if (folder !== undefined) enableCompileCache(folder)
}

/** What lies in it is run as ours, so nobody else may be able to write there. */
function ownCacheFolder(environment: NodeJS.ProcessEnv): string | undefined {
  try {
    const uid = process.getuid?.()
    const [base] = cacheBases({ environment, platform: process.platform, uid, home: homedir() })
    if (base === undefined) return undefined
    const folder = path.join(base, 'pg-migration-gate-compiled')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return [base, folder].every((one) => isOwnAlone(statSync(one), uid)) ? folder : undefined
  } catch {
    return undefined
  }
}
