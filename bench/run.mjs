// npm run bench: our proof and our plain round trip against the tools that are installed, in turn, several rounds.
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { DATABASES, writeChains } from './layouts.mjs'
import { fullProof, plainRun, startHelp, startServer } from './ours.mjs'
import { findPeers } from './peers.mjs'
import { onStage, readOptions } from './stage.mjs'
import { median, ratio, table } from './table.mjs'

const options = readOptions('bench', {
  rounds: ['<n>', '5', 'rounds of every measurement'],
  sizes: ['<list>', '25,250,1000', 'migrations in each of the four databases'],
  renames: ['<list>', '250', 'sizes that are measured with 10 % column renames too'],
  postgres: ['<n>', undefined, 'major version of the server (the newest at hand)'],
  seed: ['<n>', '1', 'seed of the random chains'],
  only: ['<list>', '', 'parts of names of what is measured, e.g. ours,goose'],
})
const numbers = (text) => text.split(',').filter(Boolean).map(Number)

/** Each set of chains is one column of the table. */
const setsOf = () => [
  ...numbers(options.sizes).map((length) => ({ name: `4 x ${length}`, length, renames: 0 })),
  ...numbers(options.renames).map((length) => ({ name: `4 x ${length}, renames`, length, renames: 0.1 })),
]

/** What is measured: a name and a function that gives milliseconds, and perhaps megabytes. */
function contestants({ clusters, server, peers }) {
  const wanted = options.only.split(',').filter(Boolean)
  const all = [
    ...peers.map(({ name, run }) => ({ name, measure: (set) => oneAfterTheOther({ clusters, server, run, set }) })),
    {
      name: 'ours, plain up/down/up',
      measure: async ({ chains }) => ({ milliseconds: await plainRun({ clusters, chains }) }),
    },
    { name: 'ours, full proof', measure: ({ folder }) => fullProof({ folder, server }) },
    { name: 'ours, full proof, own server', measure: ({ folder }) => fullProof({ folder, server: undefined }) },
  ]
  return wanted.length === 0 ? all : all.filter(({ name }) => wanted.some((word) => name.includes(word)))
}

/** Databases are made within the time, as ours are, and dropped outside of it. */
async function oneAfterTheOther({ clusters, server, run, set }) {
  const keeper = new pg.Client(clusters.main.connection('postgres'))
  await keeper.connect()
  try {
    const started = performance.now()
    for (const database of DATABASES) {
      await keeper.query(`CREATE DATABASE ${database} TEMPLATE template0`)
      await run({ server, folder: set.folder, database })
    }
    return { milliseconds: performance.now() - started }
  } finally {
    for (const database of DATABASES) await keeper.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
    await keeper.end()
  }
}

async function measureSet(set, measured, rounds) {
  const results = new Map(measured.map(({ name }) => [name, { milliseconds: [], megabytes: [] }]))
  for (let round = 1; round <= rounds; round++) {
    for (const { name, measure } of measured) {
      process.stderr.write(`\r\u001b[K${set.name}, round ${round} of ${rounds}: ${name}`)
      const { milliseconds, megabytes } = await measure(set)
      results.get(name).milliseconds.push(milliseconds)
      if (megabytes !== undefined) results.get(name).megabytes.push(megabytes)
    }
  }
  process.stderr.write('\r\u001b[K')
  return results
}

function cell(result, goose) {
  const seconds = (median(result.milliseconds) / 1000).toFixed(2)
  const times = ratio(result.milliseconds, goose?.milliseconds)
  return times === undefined ? seconds : `${seconds} (${times.toFixed(2)})`
}

function print({ sets, results, measured, extra, absent }) {
  console.log(`\nSeconds, median of ${options.rounds} rounds; in brackets the ratio to goose in the same round.\n`)
  const rows = measured.map(({ name }) => [
    name,
    ...sets.map((set) => cell(results.get(set.name).get(name), results.get(set.name).get('goose'))),
  ])
  console.log(table([['', ...sets.map(({ name }) => name)], ...rows]))
  for (const name of absent) console.log(`\n${name} is not installed and was not measured.`)
  const proof = (set) => results.get(set.name).get('ours, full proof')
  console.log('')
  for (const set of sets.filter((each) => proof(each)?.megabytes.length > 0))
    console.log(`peak memory, full proof, ${set.name}: ${Math.max(...proof(set).megabytes).toFixed(0)} MB`)
  const [small, large] = [250, 1000].map((length) => sets.find((set) => set.length === length && set.renames === 0))
  if (small && large && proof(small))
    console.log(
      `4 x 1000 costs ${ratio(proof(large).milliseconds, proof(small).milliseconds).toFixed(2)} times 4 x 250`,
    )
  console.log(
    `--help: ${median(extra.help).toFixed(0)} ms; server up, cached data directory: ${median(extra.server).toFixed(0)} ms`,
  )
}

async function measureAll({ folder, clusters, server }) {
  const rounds = Number(options.rounds)
  const { peers, absent } = findPeers()
  for (const peer of peers) console.log(`${peer.name}: ${peer.version()}`)
  const sets = setsOf()
  const measured = contestants({ clusters, server, peers })
  const results = new Map()
  for (const [at, set] of sets.entries()) {
    const place = path.join(folder, String(at))
    const chains = await writeChains({ folder: place, seed: Number(options.seed), ...set })
    results.set(set.name, await measureSet({ ...set, folder: place, chains }, measured, rounds))
  }
  const extra = { help: [], server: [] }
  for (let round = 0; round < 5; round++) {
    extra.help.push(await startHelp())
    extra.server.push(await startServer())
  }
  print({ sets, results, measured, extra, absent })
  await keep({ sets, results, extra, clusters, peers })
}

/** The raw numbers, for those who want to compute something else. */
async function keep({ sets, results, extra, clusters, peers }) {
  const out = path.join(import.meta.dirname, 'out')
  await mkdir(out, { recursive: true })
  const file = path.join(out, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`)
  const data = {
    server: clusters.main.report,
    node: process.version,
    cores: cpus().length,
    options,
    peers: Object.fromEntries(peers.map((peer) => [peer.name, peer.version()])),
    sets: sets.map((set) => ({ ...set, results: Object.fromEntries(results.get(set.name)) })),
    extra,
  }
  await writeFile(file, `${JSON.stringify(data, undefined, 2)}\n`)
  console.log(`\nRaw numbers: ${path.relative(process.cwd(), file)}`)
}

if (options !== undefined) await onStage(measureAll, { major: options.postgres && Number(options.postgres) })
