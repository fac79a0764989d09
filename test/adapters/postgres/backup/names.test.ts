// Databases beside the live one.
import { expect, test } from '@jest/globals'
import { nameBeside, namesBeside } from '../../../../src/adapters/postgres/backup/names.js'

const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/\\(.)|(_)/g, (_, kept?: string) => kept ?? '.')}$`).test(name)

test('two long names with the same beginning stay distinct', () => {
  const one = 'customer_portal_production_europe_west_1'
  const two = 'customer_portal_production_europe_west_2'
  const kept = nameBeside(one, 'before', 0)
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(63)
  expect(matches(namesBeside(one, 'before'), kept)).toBe(true)
  expect(matches(namesBeside(two, 'before'), kept)).toBe(false)
  expect(nameBeside('core_db', 'before', 0)).toBe('core_db_before_19700101000000000')
})
