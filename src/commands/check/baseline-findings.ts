// The committed list of known findings: read for a check, and written when asked.
import { environment } from '../../rules/proof/environment.js'
import { CHANGE_RULES, WAIVER_RULES } from '../../rules/index.js'
import {
  DEBT_FILE,
  entryOf,
  parseDebt,
  renderDebt,
  withoutDebt,
  type DebtEntry,
} from '../../model/baseline-findings.js'
import { UserError } from '../../model/errors.js'
import type { Finding } from '../../model/finding.js'
import type { DatabaseReport, RunProblem } from '../../report/check-report.js'
import type { Files } from '../../ports/files.js'
import type { CheckRequest } from '../shared/request.js'
import type { Sorted } from './known-findings.js'

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

/** About the change, about waivers or about the surroundings: none of it is there to stay. Notes never fail a run. */
const NO_DEBT = new Set([...CHANGE_RULES, ...WAIVER_RULES, environment].map(({ id }) => id))
const isDebt = ({ level, rule }: Finding): boolean => level !== 'note' && !NO_DEBT.has(rule)

/**
 * `sorted` are all findings of the run. With `update` the list becomes what is found now, and nothing of it fails; `problem`
 * says why it was not written.
 */
export async function applyDebt(options: {
  readonly sorted: Sorted
  readonly entries: readonly DebtEntry[]
  readonly update: boolean
  readonly databases: readonly DatabaseReport[]
  readonly files: Pick<Files, 'write'>
}): Promise<Sorted & { readonly problem?: RunProblem }> {
  const { sorted, update, databases, files } = options
  const debts = sorted.findings.filter(isDebt)
  const half = update ? databases.find(({ notProved }) => notProved !== undefined) : undefined
  const entries = update && half === undefined ? debts.map(entryOf) : options.entries
  if (update && half === undefined) await files.write(DEBT_FILE, renderDebt(entries))
  const { fresh, known } = withoutDebt(debts, entries)
  return {
    findings: [...sorted.findings.filter((finding) => !isDebt(finding)), ...fresh],
    setAside: [...sorted.setAside, ...known],
    ...(half && { problem: notWritten(half) }),
  }
}

const notWritten = ({ name }: DatabaseReport): RunProblem => ({
  what: `${DEBT_FILE} was not written: ${name} was not proved, so not all was looked for`,
  fix: 'Mend what kept it from being proved, then run it again.',
})
