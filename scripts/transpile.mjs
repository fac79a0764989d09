// TypeScript to JavaScript, file by file and without checking types: a transform for jest, and for the program under test.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const STORE = path.join(ROOT, 'node_modules/.cache/pg-migration-gate-transpiled')
const require = createRequire(import.meta.url)

/** What the result depends on besides the text: the compiler, the options, and this file. */
const SETTINGS = ['node_modules/typescript/package.json', 'tsconfig.json', 'scripts/transpile.mjs']
  .map((name) => readFileSync(path.join(ROOT, name)))
  .reduce((hash, text) => hash.update(text), createHash('sha256'))
  .digest('hex')

/** @type {import('typescript').CompilerOptions | undefined} */
let options

/**
 * JavaScript with an inline source map that leads to `file` (absolute). Each file's last result is kept in node_modules,
 * so that one compile serves all workers, all runs, and the program.
 */
export function transpile(source, file) {
  const seal = `\n//# made-from=${keyOf(source, file)}\n`
  const kept = path.join(STORE, `${path.relative(ROOT, file).replaceAll('..', '_')}.js`)
  const text = read(kept)
  if (text?.endsWith(seal)) return text
  const made = `${compile(source, file)}${seal}`
  mkdirSync(path.dirname(kept), { recursive: true })
  const own = `${kept}.${process.pid}`
  writeFileSync(own, made)
  renameSync(own, kept)
  return made
}

function compile(source, file) {
  // Loading the compiler costs more than a run whose files are all known.
  const ts = require('typescript')
  options ??= {
    ...ts.convertCompilerOptionsFromJson(readConfig(ts).compilerOptions, ROOT).options,
    module: ts.ModuleKind.ESNext,
    noEmit: false,
    inlineSourceMap: true,
  }
  return ts.transpileModule(source, { fileName: file, compilerOptions: options }).outputText
}

const readConfig = (ts) => ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile).config

const keyOf = (source, file) =>
  createHash('sha256').update(SETTINGS).update(`\0${file}\0`).update(source).digest('hex').slice(0, 32)

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** The program in a folder of its own: what src/ holds now, as Node runs it. */
function compileProgram(folder) {
  for (const name of readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue
    const file = path.join(ROOT, 'src', name)
    const target = path.join(folder, name.replace(/\.ts$/, '.js'))
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, transpile(readFileSync(file, 'utf8'), file))
  }
  // Below node_modules, where the nearest package.json decides what a .js file is.
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}\n')
}

const [, script, folder] = process.argv
if (script === fileURLToPath(import.meta.url) && folder !== undefined) compileProgram(folder)

/** The interface of a transform of jest. */
export default {
  process: (source, file) => ({ code: transpile(source, file) }),
  getCacheKey: keyOf,
}
