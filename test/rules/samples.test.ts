// The bad and the good sample of every rule's page, run as the project that each shows.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { RULES } from '../../src/rules/index.js'
import { inLanes } from '../support/lanes.js'
import { findingsOfSample } from './sample.js'
import { closeSharedServer } from './server.js'

/** What a good sample shows beside the rule, on purpose. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  'nothing-to-undo': ['irreversible'],
  'chain-again': ['column-order'],
}

const SIDES = ['bad', 'good'] as const
const samples = RULES.flatMap((rule) => SIDES.map((side) => ({ rule, side })))

describe('the samples of the rules', () => {
  /** The rules that find something, or why it could not be run, by rule and side. */
  let results: ReadonlyMap<string, readonly string[] | Error>

  // A proof waits for its server most of the time, so some run side by side.
  beforeAll(async () => {
    results = new Map(
      await inLanes(4, samples, async ({ rule, side }) => {
        const found = await findingsOfSample(rule[side], rule).then(
          (findings) => findings.map(({ rule }) => rule),
          (error: unknown) => error as Error,
        )
        return [`${rule.id} ${side}`, found] as const
      }),
    )
  })
  afterAll(closeSharedServer)

  const found = (id: string, side: 'bad' | 'good'): readonly string[] => {
    const result = results.get(`${id} ${side}`)
    if (result instanceof Error) throw result
    return result ?? []
  }

  test.each(RULES.map(({ id }) => id))('%s finds its bad sample', (id) => {
    expect(found(id, 'bad')).toContain(id)
  })

  test.each(RULES.map(({ id }) => id))('%s finds nothing in its good sample', (id) => {
    expect(found(id, 'good').filter((one) => BESIDE[id]?.includes(one) !== true)).toEqual([])
  })
})
