// The committed list of known findings: read for a check, and written when asked.
import { DEBT_FILE, entryOf, isDebt, parseDebt, renderDebt, withoutDebt, type DebtEntry } from '../core/debt.js'
import { UserError } from '../core/errors.js'
import type { Files } from '../ports.js'
import type { CheckRequest } from './request.js'
import type { Sorted } from './set-aside.js'

/** Rejects with a UserError for a file that is there and is no such list. */
export async function readDebt(files: Pick<Files, 'kind' | 'read'>): Promise<readonly DebtEntry[]> {
  if ((await files.kind(DEBT_FILE)) === undefined) return []
  const { text, unreadable } = await files.read(DEBT_FILE, '.')
  if (unreadable === undefined) return parseDebt(text, DEBT_FILE)
  const fix = 'Make it readable: what is in it counts as known.'
  throw new UserError({ kind: 'use', what: `${DEBT_FILE} cannot be read: ${unreadable}`, fix })
}

/** Throws a UserError where a run would not see all that there is: the list would lose what was not looked for. */
export function refuseHalfDebt({ updateDebt, proof, databases, paths, against, scope }: CheckRequest): void {
  if (!updateDebt) return
  const half =
    proof === 'none' ? '--no-proof' : databases.length > 0 ? '--databases' : paths.length > 0 ? 'paths' : undefined
  const changed = against !== undefined && against.event !== 'nothing' && scope !== 'all' ? '--base' : undefined
  const because = half ?? changed
  if (because === undefined) return
  throw new UserError({
    kind: 'use',
    what: `--update-debt writes down all that is found, and with ${because} not all is looked for`,
    fix: `Leave ${because} out${changed === undefined ? '' : ', or add --scope all'}.`,
  })
}

/** `sorted` are all findings of the run. With `update` the list becomes what is found now, and nothing of it fails. */
export async function applyDebt(options: {
  readonly sorted: Sorted
  readonly entries: readonly DebtEntry[]
  readonly update: boolean
  readonly files: Pick<Files, 'write'>
}): Promise<Sorted> {
  const { sorted, entries, update, files } = options
  if (update) await files.write(DEBT_FILE, renderDebt(sorted.findings.filter(isDebt).map(entryOf)))
  const { fresh, known } = withoutDebt(sorted.findings, update ? sorted.findings.filter(isDebt).map(entryOf) : entries)
  return { findings: fresh, setAside: [...sorted.setAside, ...known] }
}
