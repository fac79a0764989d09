// Turns on Node's cache of compiled code, so that the next run of the command line starts sooner.
import module from 'node:module'
import { homedir } from 'node:os'
import path from 'node:path'
import { cacheBases } from '../../model/account-cache.js'

/**
 * The cache is in the account's cache folder. Node's default is the temp folder, where other accounts may write, and the
 * code in the cache is executed. Node 20 has no such cache. NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE work as in Node.
 * https://nodejs.org/api/module.html#moduleenablecompilecachecachedir
 */
export function keepCompiledCode(environment: NodeJS.ProcessEnv): void {
  const owner = { environment, platform: process.platform, uid: process.getuid?.(), home: homedir() }
  const [base] = cacheBases(owner)
  // The type says that it always exists, which is true from Node 22.1 on.
  const enable = module.enableCompileCache as typeof module.enableCompileCache | undefined
  if (base !== undefined) enable?.(environment['NODE_COMPILE_CACHE'] ?? path.join(base, 'pg-migration-gate-compiled'))
}
