// npm run lint: types, rules and format. Prints what is wrong, one after another, and exits with 1 if anything is.
import { ESLint } from 'eslint'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
process.chdir(ROOT)

/** Resolves to what prettier says of the files that it would write in another way; empty when there are none. */
function checkFormat() {
  const prettier = fileURLToPath(import.meta.resolve('prettier/bin/prettier.cjs'))
  const child = spawn(process.execPath, [prettier, '--check', '.', '--cache', '--log-level', 'warn'])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  return new Promise((resolve) => {
    child.once('close', (code) =>
      resolve(code === 0 ? '' : `${output}prettier: exit code ${code}. Run: npm run format\n`),
    )
  })
}

/** The program that `tsc -p tsconfig.json` makes. */
function readProgram() {
  const fail = (diagnostic) => {
    throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
  }
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail }
  const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile('tsconfig.json', {}, host)
  return { program: ts.createProgram(fileNames, options), errors }
}

/** What `tsc --noEmit` prints. */
function checkTypes({ program, errors }) {
  const found = ts.sortAndDeduplicateDiagnostics([...errors, ...ts.getPreEmitDiagnostics(program)])
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => ROOT, getNewLine: () => '\n' }
  return ts.formatDiagnostics(found, host)
}

/**
 * What `eslint .` prints. Its rules ask for types, so they get the program that is checked already: a third of the time
 * of both. No cache of ESLint: it looks at the text of a file alone, and a type elsewhere may have changed.
 */
async function checkRules({ program }) {
  const parserOptions = { projectService: false, programs: [program] }
  const eslint = new ESLint({ overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions } }] })
  const formatter = await eslint.loadFormatter('stylish')
  return formatter.format(await eslint.lintFiles(['.']))
}

const format = checkFormat()
const read = readProgram()
const found = [checkTypes(read), await checkRules(read), await format].filter((text) => text !== '')
if (found.length > 0) {
  console.log(found.join('\n'))
  process.exitCode = 1
}
