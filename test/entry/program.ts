// The real program as a child process, compiled from the sources as they are.
import { execFileSync, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { passwordsOf, refuseSecrets, writtenBy } from '../support/canary.js'

const ROOT = path.resolve(import.meta.dirname, '../..')

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

export type Program = {
  /** Absolute, for those who start it themselves. */
  readonly file: (entry: 'cli' | 'action' | 'library') => string
  /** Rejects when a password that it was given is in what it writes. `kill` is told what the program writes to stderr or stdout, and may send a signal to it. */
  readonly run: (options: {
    readonly entry: 'cli' | 'action'
    readonly words?: readonly string[]
    readonly cwd: string
    readonly environment?: Readonly<Record<string, string>>
    readonly started?: (kill: (signal: NodeJS.Signals) => void) => void
  }) => Promise<Ended>
  readonly remove: () => void
}

/** Compiles without checking types, into a folder of its own inside of node_modules, where packages are found. */
export function compileProgram(): Program {
  const folder = path.join(ROOT, 'node_modules/.cache', `pg-migration-gate-test-${process.pid}`)
  const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--noCheck', '--outDir', folder], {
    cwd: ROOT,
  })
  // The folder is below node_modules, where the nearest package.json decides what a .js file is.
  execFileSync('sh', ['-c', 'printf \'{"type":"module"}\' > "$0/package.json"', folder])
  return {
    file: (entry) => path.join(folder, `entry/${entry}.js`),
    run: ({ entry, words = [], cwd, environment = {}, started }) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [path.join(folder, `entry/${entry}.js`), ...words], {
          cwd,
          env: { ...plainEnvironment(), ...environment },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let [out, err] = ['', '']
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
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Without what the surroundings of the tests say about colours, CI and servers. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const unwanted = /^(?:GITHUB_|INPUT_|RUNNER_|PG|CI$|NO_COLOR|FORCE_COLOR|NODE_OPTIONS)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)))
}
