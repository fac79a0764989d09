// Plans, deploys, restores and rolls back steps, and compares what is said about data with what psql counts.
import { expect } from '@jest/globals'
import { readdirSync, writeFileSync } from 'node:fs'
import { isLoss, type Loss } from '../../src/catalog/data-loss.js'
import { renderJson } from '../../src/render/json.js'
import type { LiveReport } from '../../src/report/run-report.js'
import { BASE, ROWS, type LosingStep } from './losing-steps.js'
import { pairOf, type productionsForTests } from './production.js'

/** `300 rows of refunds by DELETE`; `?` where it was not counted. */
function said(loss: Loss): string {
  if (loss.kind === 'code') return `? ${loss.code}`
  const table = loss.table.replace('public.', '')
  const by = loss.kind === 'written' ? ` by ${loss.verb}` : loss.kind === 'type' ? ` by ${loss.after}` : ''
  if (!('column' in loss)) return `${loss.rows ?? '?'} rows of ${table}${by}`
  return `${loss.values ?? '?'} values of ${table}.${loss.column}${by}`
}

const saidOf = (report: LiveReport): readonly (readonly string[])[] =>
  report.targets[0]?.ahead?.steps.map(({ losses }) => losses.filter(isLoss).map(said)) ?? []

const versionOf = (at: number): string => String(at + 2).padStart(5, '0')

/** The first number of each loss, in the order of the queries. */
const numbers = (losses: readonly string[]): readonly number[] => losses.map((loss) => Number(loss.split(' ')[0]))

/** Fails where a number is another one than that of psql. */
export async function expectCounted(
  steps: readonly LosingStep[],
  makeProduction: ReturnType<typeof productionsForTests>,
): Promise<void> {
  const own = steps.map(({ up, down }, at) => pairOf('core_db', versionOf(at), up, down))
  const files = [pairOf('core_db', '00001', BASE, 'SELECT 1;'), ...own].flatMap((pair) => Object.entries(pair))
  const at = await makeProduction(Object.fromEntries(files))
  const count = async (queries: readonly string[] = []): Promise<readonly number[]> => {
    if (queries.length === 0) return []
    const sql = `SELECT ${queries.map((query, i) => `(${query}) AS n${String(i)}`).join(', ')}`
    const [row = {}] = (await at.databases['core_db']?.query(sql)) ?? []
    return Object.values(row).map(Number)
  }
  await at.upTo('00001')
  await at.databases['core_db']?.query(ROWS)
  const before = await Promise.all(steps.map(({ counts }) => count(counts)))
  const whole = await Promise.all(steps.map(({ rolledBack }) => count(rolledBack)))

  const plan = await at.plan()
  expect(plan).toMatchObject({ verdict: 'pass', approval: { refused: [] } })
  expect(saidOf(plan)).toEqual(steps.map(({ losses }) => losses))
  writeFileSync(at.folder.at('plan.json'), renderJson(plan))
  const approved = { plan: 'plan.json', digest: plan.approval?.digest.slice(0, 8) }
  const losing = steps.flatMap(({ losses }, i) => (losses.length === 0 ? [] : [versionOf(i)]))
  const deployed = await at.deploy({ ...approved, irreversible: losing })
  expect(deployed).toMatchObject({ verdict: 'pass' })
  expect(saidOf(deployed)).toEqual(steps.map(({ losses }) => losses))
  for (const [i, { name, losses, counts }] of steps.entries()) {
    if (counts === undefined) continue
    const after = await count(counts)
    expect([name, ...after.map((now, n) => (before[i]?.[n] ?? 0) - now)]).toEqual([name, ...numbers(losses)])
  }

  const [backup] = readdirSync(at.folder.at('backups')).filter((file) => file.endsWith('.dump'))
  const restored = await at.restore({ archive: `backups/${backup ?? ''}` })
  const seen = Object.fromEntries(restored.targets[0]?.seen?.map(({ what, seen: found }) => [what, found]) ?? [])
  expect(seen['what was written since would be lost']?.split(', ')).toEqual(
    expect.arrayContaining([
      'public.accounts 100 -> 90 rows',
      'public.lines 1200 -> 1080 rows',
      'public.logs 70 -> 0 rows',
    ]),
  )
  // A table with a new name has as many rows as before.
  expect(seen['what was written since would be lost']).not.toMatch(/refunds|reimbursements|moved/)
  expect(seen['schema changes since then would be lost, with their data']).toContain(
    'renames table public.reimbursements to public.refunds',
  )

  const confirm = 'core_db 00001'
  const idle = steps.flatMap(({ down }, i) => (down === 'SELECT 1;' ? [versionOf(i)] : []))
  const converting = steps.flatMap(({ converts }, i) => (converts === true ? [versionOf(i)] : []))
  const final = [...new Set([...idle, ...losing, ...converting])]
  const undone = await at.rollback({ to: '00001', confirm, irreversible: final })
  expect(undone.targets[0]?.ahead?.steps.flatMap(({ losses }) => losses.filter(isLoss).map(said))).toEqual([
    '10000 values of payments.title',
  ])
  const asked = undone.targets[0]?.ahead?.steps.flatMap(({ id, irreversible }) =>
    irreversible === undefined ? [] : [id.slice(0, 5)],
  )
  expect(asked?.toSorted()).toEqual(final.toSorted())
  expect(undone).toMatchObject({ verdict: 'pass', counts: { done: steps.length } })
  for (const [i, { name, losses, rolledBack }] of steps.entries()) {
    if (rolledBack === undefined) continue
    const after = await count(rolledBack)
    expect([name, ...after.map((now, n) => (whole[i]?.[n] ?? 0) - now)]).toEqual([name, ...numbers(losses)])
  }
}
