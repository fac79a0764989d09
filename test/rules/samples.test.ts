// The bad and the good sample of every rule's page, run as the project that each shows.
import { afterAll, describe, expect, test } from '@jest/globals'
import { IMPACT_RULES, PROOF_RULES, RULES } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/rule.js'
import { findingsOfSample } from './sample.js'
import { closeSharedServer } from './server.js'

/** What a good sample shows beside the rule, on purpose. */
const BESIDE: Readonly<Record<string, string>> = { 'nothing-to-undo': 'irreversible' }
/** Their notes are no fault of a sample that is about something else. */
const PROOF = new Set([...PROOF_RULES, ...IMPACT_RULES].map(({ id }) => id))

const faultsIn = async (sample: string, rule: Rule): Promise<readonly string[]> =>
  (await findingsOfSample(sample, rule))
    .filter((finding) => finding.rule !== BESIDE[rule.id])
    .filter((finding) => finding.rule === rule.id || finding.level !== 'note' || !PROOF.has(finding.rule))
    .map((finding) => finding.rule)

// A proof waits for its server most of the time, so some run side by side.
describe('the samples of the rules', () => {
  afterAll(closeSharedServer)

  test.concurrent.each(RULES.map((rule) => [rule.id, rule] as const))('%s finds its bad sample', async (id, rule) => {
    expect(await faultsIn(rule.bad, rule)).toContain(id)
  })

  test.concurrent.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s: its good sample is good',
    async (_, rule) => {
      expect(await faultsIn(rule.good, rule)).toEqual([])
    },
  )
})
