// A report without texts that must not be shown. Pure.

/** What holds a word of our own, wherever it stands (schema/report.schema.json has the words): never a secret. */
const OWN_WORDS = new Set([
  'schema',
  'command',
  'event',
  'verdict',
  'exitCode',
  'source',
  'scope',
  'layout',
  'unit',
  'rule',
  'level',
  'kind',
  'change',
  'class',
  'order',
  'up',
  'down',
  'again',
  'upToDate',
  'direction',
  'transaction',
  'proof',
  'outcome',
  'recorded',
  'result',
  'swapped',
  'touched',
  'untouched',
  'linked',
  'debt',
  'format',
  'back',
  'from',
])

/** What stands for what was approved: it has to be read back as it was written, and is made of names and checksums. */
const BOUND = new Set(['sheet', 'digest'])

/**
 * The same with `hide` applied to every text in it. A password that happens to be a word of ours, or the name of a
 * database, leaves the report readable and the plan in it whole.
 */
export const hideIn = <T>(report: T, hide: (text: string) => string): T => walk(report, '', hide) as T

function walk(value: unknown, name: string, hide: (text: string) => string): unknown {
  if (BOUND.has(name)) return value
  if (typeof value === 'string') return OWN_WORDS.has(name) ? value : hide(value)
  if (Array.isArray(value)) return value.map((one) => walk(one, name, hide))
  if (typeof value !== 'object' || value === null) return value
  // Under `sql` the same names hold scripts.
  const nameOf = (key: string): string => (name === 'sql' ? '' : key)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, nameOf(key), hide)]))
}
