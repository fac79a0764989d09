import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { RULES } from '../../src/rules/index.js'
import { rulePages } from '../../src/rules/page.js'

const root = new URL('../../', import.meta.url)

describe('the pages in docs/checks', () => {
  const pages = rulePages(RULES)
  const folder = new URL('docs/checks/', root)

  test('there is one for every rule and no other', () => {
    expect(readdirSync(folder).toSorted()).toEqual([...pages.keys()].toSorted())
  })

  test.each([...pages])('%s is what the rules say', (name, text) => {
    expect(readFileSync(new URL(name, folder), 'utf8')).toBe(text)
    expect(text).not.toContain('TODO')
  })
})

describe('the list', () => {
  test('ids are kebab-case and unique', () => {
    const ids = RULES.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  })

  test('each rule is a file of its own name', () => {
    const files = readdirSync(new URL('src/rules/', root), { recursive: true, encoding: 'utf8' })
    const names = files.map((name) => name.split('/').at(-1))
    for (const { id } of RULES) expect(names).toContain(`${id}.ts`)
  })

  test('every rule that a layout names is in it', () => {
    const folder = new URL('src/tools/', root)
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    const named = sources.flatMap((name) =>
      [...readFileSync(new URL(name, folder), 'utf8').matchAll(/\brule: '([^']*)'/g)].map((match) => match[1]),
    )
    expect(named.length).toBeGreaterThan(0)
    expect(RULES.map(({ id }) => id)).toEqual(expect.arrayContaining([...new Set(named)]))
  })
})
