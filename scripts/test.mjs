// npm test: the linters beside the unit tests. Words go to jest (npm test -- test/rules); exits with 1 if either fails.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']

/** `ended` resolves to whether it ended well, its seconds, and what it printed where that is not our own output. */
function start(args, stdio) {
  const begun = performance.now()
  const child = spawn(process.execPath, args, { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text))
  const ended = new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ ok: code === 0, seconds: (performance.now() - begun) / 1000, output })
    })
  })
  return { child, ended }
}

const lint = start(['scripts/lint.mjs'], ['ignore', 'pipe', 'pipe'])
const unit = start([...JEST, ...process.argv.slice(2)], 'inherit')

// They end by themselves on a Ctrl-C, which reaches them as well; what is sent to us alone is passed on.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => [lint, unit].forEach(({ child }) => child.kill('SIGTERM')))

// What the linters print comes behind what jest prints, so that neither is torn apart.
const tests = await unit.ended
const linted = await lint.ended
console.log(`\nlint: ${linted.ok ? 'ok' : 'failed'}, ${linted.seconds.toFixed(0)} s`)
process.stdout.write(linted.output)
process.exitCode = tests.ok && linted.ok ? 0 : 1
