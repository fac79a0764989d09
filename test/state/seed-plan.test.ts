// Where seeds may be run, and which of them.
import { describe, expect, test } from '@jest/globals'
import { planSeeds, seedRefusal, unrunnable } from '../../src/state/seed-plan.js'
import { migration } from '../support/migrations.js'

describe('seeds are refused', () => {
  const usual = {
    database: 'core_db',
    place: 'localhost:5432/core_db',
    environment: 'development',
    given: false,
    production: false,
  }
  const refusal = (changes: Partial<typeof usual>): string | undefined => {
    const refused = seedRefusal({ ...usual, ...changes })
    return refused && `${refused.kind}: ${refused.what}`
  }

  test('in production, also where it was production once and now says something else', () => {
    expect(refusal({ environment: 'production', given: true })).toMatch(/^plan: .*its environment is production/)
    expect(refusal({ given: true, production: true })).toMatch(/^plan: .*once deployed to as production/)
  })

  test('on another machine, unless its environment is given', () => {
    const place = 'db.example.com:5432/core_db'
    expect(refusal({ place })).toMatch(/^plan: .*not on this machine/)
    expect(refusal({ place, given: true })).toBeUndefined()
  })

  test('in an unknown environment', () => {
    expect(refusal({ environment: 'prod', given: true })).toBe('use: seeds do not support the environment "prod"')
  })

  test('nowhere else', () => {
    for (const environment of ['development', 'staging', 'test']) expect(refusal({ environment })).toBeUndefined()
  })
})

describe('the steps', () => {
  const seed = (version: string) => ({
    ...migration({ version, name: 's', up: 'SELECT 1', down: 'SELECT 1' }),
    kind: 'seed' as const,
  })
  const a = seed('10')
  const b = seed('11')
  const c = seed('12')
  const applied = (...all: (typeof a)[]) =>
    all.map((one) => ({ migration: one, at: undefined, by: undefined, milliseconds: undefined }))
  const brief = (steps: ReturnType<typeof planSeeds>): readonly string[] =>
    steps.map(
      ({ direction, migration: { version }, left }) =>
        `${direction} ${version} beside ${left.map((one) => one.version).join()}`,
    )

  test('up: what is not applied, a later file with a lower version as well', () => {
    const status = { applied: applied(b), pending: [c], late: [a], backwards: [b] }
    expect(brief(planSeeds({ seeds: [a, b, c], status, direction: 'up' }))).toEqual([
      'up 10 beside 11',
      'up 12 beside 10,11',
    ])
  })

  test('down: all that are applied, newest first', () => {
    const status = { applied: applied(a, b), pending: [c], late: [], backwards: [b, a] }
    expect(brief(planSeeds({ seeds: [a, b, c], status, direction: 'down' }))).toEqual([
      'down 11 beside 10',
      'down 10 beside ',
    ])
  })

  test('reports what cannot run before anything runs', () => {
    const step = (changes: object) => ({ migration: { ...a, ...changes }, direction: 'down' as const, left: [] })
    expect(unrunnable(step({}))).toBeUndefined()
    expect(unrunnable(step({ down: undefined }))).toBe('10_s has no down')
    expect(unrunnable(step({ down: undefined, code: 'a.go' }))).toMatch(/a\.go is not JavaScript/)
    expect(
      unrunnable(step({ down: undefined, code: 'a.mjs', module: { file: 'a.mjs', checksum: '' } })),
    ).toBeUndefined()
  })
})
