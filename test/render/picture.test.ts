import { describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { renderText } from '../../src/render/text/check.js'
import { hostile, HOSTILE, many, oneFails } from './reports.js'

const picture = (input: string, ...options: readonly string[]): string => {
  const made = spawnSync(process.execPath, ['scripts/picture.mjs', ...options], { input, encoding: 'utf8' })
  expect(made.stderr).toBe('')
  return made.stdout
}
const coloured = { width: 120, colour: true, verbosity: 'normal' } as const

describe('the picture of a terminal', () => {
  test('holds what was printed, in colours, and needs nothing else', () => {
    const svg = picture(renderText(oneFails(), coloured), '--command', 'pg-migration-gate check')
    expect(svg).toContain('>pg-migration-gate check</text>')
    expect(svg).toMatch(/fill="#ff7b72" font-weight="700" textLength="33.6">FAIL</)
    expect(svg).toContain('>numeric(20,8) NOT NULL</text>')
    expect(svg).not.toMatch(/\b(?:href|src|url)\b\s*[=(]/)
  })

  test('a long run is shortened, and says so', () => {
    const svg = picture(renderText(many(60), coloured), '--lines', '40')
    expect(svg).toMatch(/⋯ \d+ more lines ⋯/)
    expect(svg.match(/<text /g)?.length).toBeLessThan(120)
    expect(svg).toContain('>FAIL</text>')
  })

  test.each(Object.entries(HOSTILE))('hostile text stays text: %s', (_name, text) => {
    const svg = picture(`${text}\n${renderText(hostile(text), coloured)}`)
    const tags = new Set([...svg.matchAll(/<\/?([a-z]+)/gi)].map(([, name]) => name))
    expect([...tags].sort()).toEqual(['circle', 'desc', 'g', 'path', 'rect', 'svg', 'text', 'title'])
    expect(svg).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })
})
