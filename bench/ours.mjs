// Our own part of the bench: the command line as a user starts it, and plain up, down, up on the same parts without looking.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { systemClock } from '../build/adapters/host/clock.js'
import { createScratchServer } from '../build/adapters/postgres/scratch/server.js'
import { provideServer } from '../build/adapters/postgres/server/provide.js'
import { execute, url } from './peers.mjs'

const ROOT = path.resolve(import.meta.dirname, '..')
export const CLI = path.join(ROOT, 'dist/cli.js')

/** A server of the kind that a proof starts for itself; with `major` that version. */
export const startClusters = (major) =>
  provideServer({
    server: undefined,
    major,
    disposable: false,
    packagesRoot: [ROOT],
    signal: new AbortController().signal,
    environment: process.env,
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  })

/** The largest resident memory of a process so far, in MB; undefined where the system does not tell. */
function peakMemory(pid) {
  try {
    const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found === null ? undefined : Number(found[1]) / 1024
  } catch {
    return undefined
  }
}

/** Runs `check` on the pairs; `server` undefined lets it start one of its own. Rejects unless everything was proved. */
export async function fullProof({ folder, server }) {
  const report = path.join(folder, 'report.json')
  const given = server === undefined ? [] : ['--server', url(server, 'postgres')]
  let watch
  let megabytes
  const started = performance.now()
  await execute(process.execPath, [CLI, 'check', 'pairs', ...given, '--quiet', '--output', `json=${report}`], {
    cwd: folder,
    started: (child) => {
      watch = setInterval(() => (megabytes = peakMemory(child.pid) ?? megabytes), 20)
    },
  }).finally(() => clearInterval(watch))
  const milliseconds = performance.now() - started
  const { verdict, counts } = JSON.parse(await readFile(report, 'utf8'))
  if (verdict !== 'pass' || counts.proved !== counts.migrations)
    throw new Error(`the proof of a correct chain says ${verdict}: ${counts.proved} of ${counts.migrations} proved`)
  return { milliseconds, megabytes }
}

const scriptOf = (file, text) => ({
  file,
  transaction: 'wrapped',
  messages: [{ text, lines: text.split('\n').map((_, i) => i + 1), column: 1 }],
  checksum: createHash('sha256').update(text).digest('hex'),
})

/** All ups, all downs and all ups of the four databases, at the same time, with nothing looked at. */
export async function plainRun({ clusters, chains }) {
  const server = createScratchServer(clusters, systemClock)
  const scripts = [...chains.values()].map((chain) =>
    chain.map(({ version, up, down }) => ({
      up: scriptOf(`${version}.up.sql`, up),
      down: scriptOf(`${version}.down.sql`, down),
    })),
  )
  const environments = []
  const started = performance.now()
  try {
    await Promise.all(
      scripts.map(async (chain) => {
        const environment = await server.openEnvironment({
          clusterWide: false,
          session: 'reset',
          setup: [],
          snapshots: 'guided',
        })
        environments.push(environment)
        const scratch = await environment.open()
        const ups = chain.map(({ up }) => ({ script: up, direction: 'up' }))
        const downs = chain.toReversed().map(({ down }) => ({ script: down, direction: 'down' }))
        const { failure } = await scratch.replay([...ups, ...downs, ...ups])
        if (failure !== undefined) throw new Error(failure.message)
      }),
    )
    return performance.now() - started
  } finally {
    for (const environment of environments) await environment.close()
  }
}

export const startHelp = async () => {
  const started = performance.now()
  await execute(process.execPath, [CLI, '--help'])
  return performance.now() - started
}

/** From nothing running to a server that answers; the data directory is cached after the first one. */
export async function startServer() {
  const started = performance.now()
  const clusters = await startClusters(undefined)
  const milliseconds = performance.now() - started
  await clusters.close()
  return milliseconds
}
