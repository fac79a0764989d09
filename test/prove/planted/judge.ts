// A planted case put before the real proof, and what it said held against what the case expects.
import type { Proof } from '../../../src/report/check-report.js'
import type { ScratchServer } from '../../../src/ports/scratch.js'
import { migration } from '../../support/migrations.js'
import { proveChain } from '../../support/prove.js'
import type { Planted, PlantedDifference } from './case.js'

/** Two lists of words that must be equal. */
export type PlantedVerdict = { readonly expected: readonly string[]; readonly said: readonly string[] }

/** Whether the case, or one of its differences, is for this major version. */
export const concerns = ({ majors }: Pick<Planted, 'majors'>, major: number): boolean =>
  majors === undefined || (major >= majors[0] && major <= majors[1])

/** Proves the case as a chain of one or two migrations. What goes wrong in the proof itself is said too: one case must not hide the others. */
export async function judgePlanted(
  server: ScratchServer,
  planted: Planted,
  snapshots: 'guided' | 'full',
): Promise<PlantedVerdict> {
  const { before, up, down, transaction } = planted
  const mode = transaction && { transaction }
  const first =
    before === undefined ? [] : [migration({ version: '1', name: 'before', up: before, down: undefined, ...mode })]
  const second = migration({ version: '2', name: 'planted', up, down, ...mode })
  let proof: Proof | undefined
  let bug: string | undefined
  try {
    const result = await proveChain(server, [...first, second], snapshots)
    proof = result.migrations.at(-1)?.proof
    bug = result.bug
  } catch (error) {
    bug = error instanceof Error ? error.message : String(error)
  }
  const verdict =
    typeof planted.expect === 'string'
      ? compareClean(planted.expect, proof)
      : compareBroken(planted.expect, proof, server.report.major)
  return bug === undefined ? verdict : { ...verdict, said: [...verdict.said, bug] }
}

/** A correct pair is also applied again with the same result. */
const compareClean = (word: string, proof: Proof | undefined): PlantedVerdict => ({
  expected: ['up: ok', `down: ${word}`, 'again: same'],
  said: [...wordsOf(proof), ...realOf(proof)],
})

function compareBroken(
  differences: readonly PlantedDifference[],
  proof: Proof | undefined,
  major: number,
): PlantedVerdict {
  const expected = differences
    .filter((each) => concerns(each, major))
    .map((each) => ({ ...each, identity: each.identity.replace('{owner}', 'postgres') }))
  const optional = new Set(expected.filter((each) => each.optional).map(words))
  return {
    expected: ['up: ok', 'down: differs', ...sorted(expected.filter((each) => !each.optional).map(words))],
    said: [...wordsOf(proof).slice(0, 2), ...sorted(realOf(proof).filter((each) => !optional.has(each)))],
  }
}

const wordsOf = (proof: Proof | undefined): readonly string[] =>
  proof === undefined ? ['no proof'] : [`up: ${proof.up}`, `down: ${proof.down}`, `again: ${proof.again}`]

const realOf = (proof: Proof | undefined): readonly string[] =>
  (proof?.differences ?? []).filter((each) => each.class === 'real').map(words)

const words = ({ change, kind, identity }: Pick<PlantedDifference, 'change' | 'kind' | 'identity'>): string =>
  `${change}: ${kind} ${identity}`

const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort()
