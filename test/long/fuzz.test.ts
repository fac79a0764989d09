// Mutated migrations in every layout: a check ends with a verdict, and without a stack. FUZZ_SEED=<number> tries other
// mutations, FUZZ_PROVED=<number> proves more of the folders.
import { describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeChain } from '../../bench/chains.mjs'
import { compileProgram } from '../entry/program.js'
import { randomOf } from '../support/random.js'

const program = compileProgram()
const SEED = Number(process.env['FUZZ_SEED'] ?? 1)
const PROVED = Number(process.env['FUZZ_PROVED'] ?? 1)
const FOLDERS = 20
const FILES = 100
/** A check that takes longer hangs. */
const HANGS = 120_000

const LAYOUTS = ['pairs', 'directories', 'goose', 'sql-migrate', 'dbmate'] as const
type Layout = (typeof LAYOUTS)[number]

type Random = () => number
type Mutation = (text: string, random: Random) => string

/** What readers of SQL and of marks stumble over. */
const TOKENS = [
  `'`,
  `"`,
  '$$',
  '$x$',
  '/*',
  '*/',
  '--',
  ';',
  ';;',
  '\\',
  '\0',
  '\r',
  '\r\n',
  '\uFEFF',
  '\u2028',
  'é',
  '💥',
  '(',
  ')',
  `E'\\'`,
  `U&'\\0061'`,
  'BEGIN;',
  'COMMIT;',
  'ROLLBACK;',
  'END',
  'DO $$',
  'COPY t FROM stdin;\n',
  '\\.\n',
  '\\i other.sql\n',
  ':name',
  '${X}',
  '{{ .x }}',
  '-- +goose Up\n',
  '-- +goose Down\n',
  '-- +goose StatementBegin\n',
  '-- +goose StatementEnd\n',
  '-- +goose NO TRANSACTION\n',
  '-- +goose ENVSUB ON\n',
  '-- +migrate Up\n',
  '-- +migrate Down notransaction\n',
  '-- migrate:up\n',
  '-- migrate:down transaction:false\n',
  '-- migration-gate: irreversible because x\n',
  '-- migration-gate: ignore up-fails until 2020-01-01 because x\n',
  '--bun:split\n',
  '-- name: x\n',
  'CREATE INDEX CONCURRENTLY i ON t (a);',
  'VACUUM;',
  'SELECT pg_catalog.set_config(',
  'RESET ALL;',
  'SET ROLE x;',
  'DISCARD ALL;',
  "PREPARE TRANSACTION 'x';",
  'LISTEN x;',
  'CREATE DATABASE x;',
  'SET search_path = ',
]

const at = (text: string, random: Random): number => Math.floor(random() * (text.length + 1))
const between = (text: string, random: Random): readonly [number, number] => {
  const [a, b] = [at(text, random), at(text, random)]
  return [Math.min(a, b), Math.max(a, b)]
}

const MUTATIONS: readonly Mutation[] = [
  (text, random) => {
    const place = at(text, random)
    return `${text.slice(0, place)}${TOKENS[Math.floor(random() * TOKENS.length)] ?? ''}${text.slice(place)}`
  },
  (text, random) => {
    const [from, to] = between(text, random)
    return text.slice(0, from) + text.slice(to)
  },
  (text, random) => {
    const [from, to] = between(text, random)
    return text.slice(0, to) + text.slice(from, to) + text.slice(to)
  },
  (text, random) => text.slice(0, at(text, random)),
  (text, random) => {
    const place = at(text, random)
    return `${text.slice(0, place)}${String.fromCharCode(Math.floor(random() * 0x3000))}${text.slice(place + 1)}`
  },
  (text) => text.replaceAll('\n', '\r\n'),
  (text, random) =>
    text
      .split('\n')
      .toSorted(() => random() - 0.5)
      .join('\n'),
]

function mutated(text: string, random: Random): string {
  let result = text
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
    result = MUTATIONS[Math.floor(random() * MUTATIONS.length)]?.(result, random) ?? result
  }
  return result
}

type Step = { readonly version: string; readonly name: string; readonly up: string; readonly down: string }

/** The files of a migration by their path in the folder. */
const FILES_OF: Record<Layout, (step: Step) => Readonly<Record<string, string>>> = {
  pairs: ({ version, name, up, down }) => ({
    [`${version}_${name}.up.sql`]: up,
    [`${version}_${name}.down.sql`]: down,
  }),
  directories: ({ version, name, up, down }) => ({
    [`2024-01-01-0${version}_${name}/up.sql`]: up,
    [`2024-01-01-0${version}_${name}/down.sql`]: down,
  }),
  goose: ({ version, name, up, down }) => ({
    [`${version}_${name}.sql`]: `-- +goose Up\n${up}\n-- +goose Down\n${down}`,
  }),
  'sql-migrate': ({ version, name, up, down }) => ({
    [`${version}_${name}.sql`]: `-- +migrate Up\n${up}\n-- +migrate Down\n${down}`,
  }),
  dbmate: ({ version, name, up, down }) => ({
    [`${version}_${name}.sql`]: `-- migrate:up\n${up}\n-- migrate:down\n${down}`,
  }),
}

function writeFolder(folder: string, layout: Layout, seed: number): void {
  const random = randomOf(seed)
  for (const step of makeChain({ seed, length: FILES, broken: 0.1 })) {
    const files = FILES_OF[layout]({ ...step, down: step.down ?? '' })
    for (const [file, text] of Object.entries(files)) {
      const place = path.join(folder, 'migrations', file)
      mkdirSync(path.dirname(place), { recursive: true })
      const bytes = Buffer.from(mutated(text, random))
      if (random() < 0.05 && bytes.length > 0) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      writeFileSync(place, bytes)
    }
  }
}

/** What is wrong with how a check of the folder ends; undefined when nothing is. */
function faultOf(layout: Layout, seed: number, proof: 'guided' | 'none'): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'migration-gate-fuzz-'))
  try {
    writeFolder(folder, layout, seed)
    writeFileSync(
      path.join(folder, 'migration-gate.yml'),
      `databases:\n  core_db:\n    folder: migrations\n    layout: ${layout}\n`,
    )
    const words = [program.file('entry/cli'), 'check', '--proof', proof, '--verbose']
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: folder,
      encoding: 'utf8',
      timeout: HANGS,
      maxBuffer: 1e9,
    })
    const text = `${stdout}${stderr}`
    if (signal !== null) return `${signal}: ${text.slice(-500)}`
    if (status === null || status > 3) return `exit code ${status}: ${text.slice(-500)}`
    return /^ +at .+:\d+:\d+\)?$|bug of pg-migration-gate/m.exec(text)?.[0]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe.each(LAYOUTS)('%s', (layout) => {
  const seeds = Array.from({ length: FOLDERS }, (_, index) => SEED + index)

  test(`${FOLDERS * FILES} mutated migrations from seed ${SEED} on are read and checked`, () => {
    expect(seeds.flatMap((seed) => faultOf(layout, seed, 'none') ?? []).map((fault, n) => `${n}: ${fault}`)).toEqual([])
  })

  test(`${PROVED * FILES} of them are proved`, () => {
    const faults = seeds.slice(0, PROVED).map((seed) => ({ seed, fault: faultOf(layout, seed, 'guided') }))
    expect(faults.filter(({ fault }) => fault !== undefined)).toEqual([])
  })
})
