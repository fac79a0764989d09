// How the reader of a terminal starts this program, for the commands that errors and reports suggest.
import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { PROGRAM, startedAs } from '../../model/command.js'
import { shellWord } from '../../model/shell-quote.js'

/** `script` is the file that node runs (`process.argv[1]`), and `folder` the working directory. */
type Start = {
  readonly script: string | undefined
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Puts the commands of texts as this process was started. */
export function asStarted(): (text: string) => string {
  const program = programOf({ script: process.argv[1], folder: process.cwd(), environment: process.env })
  return (text) => startedAs(program, text)
}

/**
 * The name alone where a shell finds it, else by the package manager that started it, else by its path. A package
 * manager adds folders to PATH that the reader's shell does not have.
 */
export function programOf({ script, folder, environment }: Start): string {
  if (script === undefined) return PROGRAM
  const manager = /^(npm|pnpm|yarn|bun)\//.exec(environment['npm_config_user_agent'] ?? '')?.[1]
  const isAdded = (one: string): boolean => manager !== undefined && one.endsWith(path.join('node_modules', '.bin'))
  const onPath = (environment['PATH'] ?? '').split(path.delimiter).filter((one) => one !== '' && !isAdded(one))
  if (onPath.some((one) => leadsTo(script, path.join(one, PROGRAM)))) return PROGRAM
  if (manager !== undefined && INSTALLED.test(script)) return `${RUNS[manager] ?? 'npx'} ${PROGRAM}`
  const relative = path.relative(folder, script)
  const shown = shellWord(relative.startsWith('..') ? script : relative)
  if (path.basename(script) !== PROGRAM) return `node ${shown}`
  return path.isAbsolute(shown) || shown.includes('/') ? shown : `./${shown}`
}

/** How each package manager runs the program of a package that it installed. */
const RUNS: Readonly<Record<string, string>> = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' }

/** The package, or the link to its program, in a project. */
const INSTALLED = new RegExp(`/node_modules/(?:\\.bin/)?${PROGRAM}(?:/|$)`)

/** A link to the script, or a script of a shell that starts it (pnpm makes such ones). */
function leadsTo(script: string, program: string): boolean {
  if (!existsSync(program)) return false
  const real = realpathSync(program)
  return path.extname(real) !== '.js' || (existsSync(script) && real === realpathSync(script))
}
