// What every bench stands on: its options, a stopwatch, and a server with a folder beside it.
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startClusters } from './ours.mjs'

/**
 * Reads the words of `npm run <command> -- ...`. `known` has a row for each option: its value's name, its default (undefined
 * where there is none) and what it is. Gives the values as text by name; undefined once --help was answered.
 */
export function readOptions(command, known) {
  const rows = Object.entries(known)
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries(rows.map(([name, [, usual]]) => [name, { type: 'string', default: usual }])),
      help: { type: 'boolean', default: false },
    },
  })
  if (!values.help) return values
  const width = Math.max(...rows.map(([name, [value]]) => `${name} ${value}`.length))
  const lines = rows.map(([name, [value, usual, what]]) => {
    const told = usual ? `${what} (${usual})` : what
    return `  --${`${name} ${value}`.padEnd(width)}  ${told}\n`
  })
  process.stdout.write(`Usage: npm run ${command} -- [options]\n\n${lines.join('')}`)
  return undefined
}

/** Milliseconds that it took. */
export async function timed(body) {
  const started = performance.now()
  await body()
  return performance.now() - started
}

/** Says what is measured on. Server and folder are gone afterwards. `server` is its address, `major` the wanted version. */
export async function onStage(body, { major, note = '' } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'migration-gate-bench-'))
  const clusters = await startClusters(major)
  try {
    const { version, source } = clusters.main.report
    console.log(`PostgreSQL ${version} (${source}), Node ${process.version}, ${cpus().length} cores${note}`)
    const { host, port, user } = clusters.main.connection('postgres')
    await body({ folder, clusters, server: { host, port, user } })
  } finally {
    await clusters.close()
    await rm(folder, { recursive: true, force: true })
  }
}
