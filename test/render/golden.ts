// Files that hold what a renderer should say; UPDATE_GOLDEN=1 rewrites them, to be read before they are committed.
import { expect } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'

export function expectGolden(name: string, text: string): void {
  const file = `test/render/golden/${name}`
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
}
