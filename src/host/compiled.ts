// A program of ours in one script, with what the engine made of it the last time.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import path from 'node:path'
import v8 from 'node:v8'
import { Script } from 'node:vm'
import { cacheBases, isOwnAlone } from '../core/account-cache.js'

const UNUSED_DAYS = 60
const HASH_BYTES = 32

/**
 * What the CommonJS script `file` exports. When the process ends, what V8 compiled of it (measured: 50 ms of each run) is
 * kept in the account's own cache folder for the next run, under a name made of the script's bytes and Node's version and flags,
 * since V8 itself looks at no more than the length of a script. Where no folder is ours alone, or with
 * NODE_DISABLE_COMPILE_CACHE as Node has it, nothing is kept.
 * https://nodejs.org/api/vm.html#scriptcreatecacheddata
 */
export function loadCompiled(file: string, environment: NodeJS.ProcessEnv): unknown {
  const bytes = readFileSync(file)
  const folder = ownCacheFolder(environment)
  const kept = folder && path.join(folder, nameOf(bytes))
  const cachedData = kept === undefined ? undefined : readKept(kept)
  const code = `(function (exports, require, module, __filename, __dirname) {${bytes.toString()}\n})`
  const script = new Script(code, { filename: file, cachedData })
  const module = { exports: {} as unknown }
  const run = script.runInThisContext() as CommonJs
  run(module.exports, createRequire(file), module, file, path.dirname(file))
  if (kept !== undefined && (cachedData === undefined || script.cachedDataRejected === true)) {
    process.once('exit', () => keep(kept, script))
  }
  return module.exports
}

/** https://nodejs.org/api/modules.html#the-module-wrapper */
type CommonJs = (
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  filename: string,
  dirname: string,
) => void

const hashOf = (...parts: readonly (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The tag is another one for another V8, other flags of it and another processor. */
const nameOf = (bytes: Buffer): string =>
  hashOf(`${process.version} ${process.arch} ${v8.cachedDataVersionTag()} `, bytes).toString('hex', 0, 16)

/** Undefined also for what a disk has broken: V8 would run it. */
function readKept(file: string): Buffer | undefined {
  try {
    const content = readFileSync(file)
    const hash = content.subarray(0, HASH_BYTES)
    const data = content.subarray(HASH_BYTES)
    return hashOf(data).equals(hash) ? data : undefined
  } catch {
    return undefined
  }
}

/** Complete at once, for whoever reads at the same time. What was kept for other versions goes after a while. */
function keep(file: string, script: Script): void {
  const part = `${file}.${process.pid}`
  try {
    const folder = path.dirname(file)
    const oldest = Date.now() - UNUSED_DAYS * 86_400_000
    for (const name of readdirSync(folder)) {
      const other = path.join(folder, name)
      if (statSync(other).mtimeMs < oldest) rmSync(other, { recursive: true, force: true })
    }
    const data = script.createCachedData()
    writeFileSync(part, Buffer.concat([hashOf(data), data]), { mode: 0o600 })
    renameSync(part, file)
  } catch {
    rmSync(part, { force: true })
  }
}

/** What lies in it is run as ours, so nobody else may be able to write there. */
function ownCacheFolder(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return undefined
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
