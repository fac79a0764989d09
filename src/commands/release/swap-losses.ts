// What is lost if another database replaces the live one, known before the swap.
import { firstFew } from '../../model/list-words.js'
import type { Foreseen } from '../../ports/backup.js'
import type { Observation } from '../../release/observation.js'

const VERBS = { 'left behind': 'adds', lost: 'drops', changed: 'changes' } as const

export function sinceSeen({ since, bound }: Pick<Foreseen, 'since' | 'bound'>): readonly Observation[] {
  const written = since.rows.map(({ table, backup, now }) => `${table} ${backup} -> ${now} rows`)
  const real = since.schema.filter((one) => one.class === 'real')
  const schema = firstFew(real.map(({ change, kind, identity }) => `${VERBS[change]} ${kind} ${identity}`))
  return [
    {
      what: 'what was written since would be lost',
      result: 'open',
      seen:
        written.length === 0
          ? 'no number of rows has changed; changed rows cannot be counted'
          : written.slice(0, 20).join(', '),
    },
    ...open('schema changes since then would be lost, with their data', schema),
    ...open('what stays with the previous database: no backup holds it, so it must be created again', firstFew(bound)),
  ]
}

const open = (what: string, seen: string): readonly Observation[] =>
  seen === '' ? [] : [{ what, result: 'open', seen }]
