// The real program as a child process, compiled from the sources as they are.
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { passwordsOf, refuseSecrets, writtenBy } from '../support/canary.js'

const ROOT = path.resolve(import.meta.dirname, '../..')

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

export type Program = {
  /** Absolute: the compiled form of one of the entries that scripts/transpile.mjs names. */
  readonly file: (module: string) => string
  /** Rejects when a password that it was given is in its output. `kill` gets the output, and may send a signal. */
  readonly run: (options: {
    readonly entry: 'cli' | 'action'
    readonly words?: readonly string[]
    readonly cwd: string
    readonly environment?: Readonly<Record<string, string>>
    readonly started?: (kill: (signal: NodeJS.Signals) => void) => void
  }) => Promise<Ended>
}

/** Compiled once for all tests of the same sources, without checking types. */
export function compileProgram(): Program {
  const folder = compiled()
  return {
    file: (module) => path.join(folder, `${module}.js`),
    run: ({ entry, words = [], cwd, environment = {}, started }) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [path.join(folder, `entry/${entry}.js`), ...words], {
          cwd,
          env: { ...plainEnvironment(), ...environment },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let out = ''
        let err = ''
        child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
        child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
        child.on('close', (code) => {
          try {
            const texts = { stdout: out, stderr: err, ...writtenBy({ words, environment, cwd }) }
            refuseSecrets(texts, passwordsOf([...words, ...Object.values(environment)]))
            resolve({ code, out, err })
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)))
          }
        })
        started?.((signal) => child.kill(signal))
      }),
  }
}

/** Inside of node_modules, where packages are found; named by the sources, so that nothing else is ever run instead of them. */
const COMPILED = path.join(ROOT, 'node_modules/.cache/pg-migration-gate-test')

function compiled(): string {
  const folder = path.join(COMPILED, hashOfSources())
  if (existsSync(folder)) return folder
  for (const other of existsSync(COMPILED) ? readdirSync(COMPILED) : [])
    if (Date.now() - statSync(path.join(COMPILED, other)).mtimeMs > 3_600_000)
      rmSync(path.join(COMPILED, other), { recursive: true, force: true })
  const own = `${folder}-${process.pid}`
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/transpile.mjs'), own])
  try {
    renameSync(own, folder)
  } catch (error) {
    // Another worker was faster.
    rmSync(own, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  const sources = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name}`)
  for (const name of [...sources.toSorted(), 'tsconfig.json', 'scripts/transpile.mjs', 'package-lock.json'])
    hash.update(`${name}\0`).update(readFileSync(path.join(ROOT, name)))
  return hash.digest('hex').slice(0, 16)
}

/** Without what the environment of the tests says about colours, CI and servers. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const unwanted = /^(?:GITHUB_|INPUT_|RUNNER_|PG|CI$|NO_COLOR|FORCE_COLOR|NODE_OPTIONS)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)))
}
