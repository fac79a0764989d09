// The committed list of known findings: a check reads it, and writes it with --update-debt.
import { environment } from '../../rules/proof/environment.js'
import { CHANGE_RULES, WAIVER_RULES } from '../../rules/index.js'
import {
  BASELINE_FINDINGS_FILE,
  baselineFindingOf,
  parseBaselineFindings,
  renderBaselineFindings,
  withoutBaselineFindings,
  type BaselineFinding,
} from '../../model/baseline-findings.js'
import { UserError } from '../../model/errors.js'
import type { Finding } from '../../model/finding.js'
import type { DatabaseReport, RunProblem } from '../../report/check-report.js'
import type { Files } from '../../ports/files.js'
import type { CheckRequest } from '../../requests/request.js'
import type { SortedFindings } from './known-findings.js'

/** Empty where there is no list. Rejects with a UserError for a file that is not such a list. */
export async function readBaseline(files: Pick<Files, 'kind' | 'read'>): Promise<readonly BaselineFinding[]> {
  if ((await files.kind(BASELINE_FINDINGS_FILE)) === undefined) return []
  const { text, unreadable } = await files.read(BASELINE_FINDINGS_FILE, '.')
  if (unreadable === undefined) return parseBaselineFindings(text, BASELINE_FINDINGS_FILE)
  const fix = 'Make the file readable: it lists the known findings.'
  throw new UserError({ kind: 'use', what: `${BASELINE_FINDINGS_FILE} cannot be read: ${unreadable}`, fix })
}

/** Throws a UserError where a run checks only a part: the list would lose the findings of the rest. */
export function refusePartialBaseline({ updateDebt, proof, databases, paths, against, scope }: CheckRequest): void {
  if (!updateDebt) return
  const part =
    proof === 'none' ? '--no-proof' : databases.length > 0 ? '--databases' : paths.length > 0 ? 'paths' : undefined
  const changed = against !== undefined && against.event !== 'nothing' && scope !== 'all' ? '--base' : undefined
  const because = part ?? changed
  if (because === undefined) return
  throw new UserError({
    kind: 'use',
    what: `--update-debt lists every finding, but ${because} checks only a part`,
    fix: `Leave ${because} out${changed === undefined ? '' : ', or add --scope all'}.`,
  })
}

/** Findings about the change, waivers or the environment are temporary, so they are not listed. Notes never fail a run. */
const NEVER_IN_BASELINE = new Set([...CHANGE_RULES, ...WAIVER_RULES, environment].map(({ id }) => id))
const belongsInBaseline = ({ level, rule }: Finding): boolean => level !== 'note' && !NEVER_IN_BASELINE.has(rule)

/**
 * Moves the known findings to `setAside`. With `update` the list is first replaced by the findings of this run; `problem`
 * says why the list was not written.
 */
export async function applyBaseline(options: {
  readonly sorted: SortedFindings
  readonly entries: readonly BaselineFinding[]
  readonly update: boolean
  readonly databases: readonly DatabaseReport[]
  readonly files: Pick<Files, 'write'>
}): Promise<SortedFindings & { readonly problem?: RunProblem }> {
  const { sorted, update, databases, files } = options
  const debts = sorted.findings.filter(belongsInBaseline)
  const unproved = update ? databases.find(({ notProved }) => notProved !== undefined) : undefined
  const entries = update && unproved === undefined ? debts.map(baselineFindingOf) : options.entries
  if (update && unproved === undefined) await files.write(BASELINE_FINDINGS_FILE, renderBaselineFindings(entries))
  const { fresh, known } = withoutBaselineFindings(debts, entries)
  return {
    findings: [...sorted.findings.filter((finding) => !belongsInBaseline(finding)), ...fresh],
    setAside: [...sorted.setAside, ...known],
    ...(unproved && { problem: notWritten(unproved) }),
  }
}

const notWritten = ({ name }: DatabaseReport): RunProblem => ({
  what: `${BASELINE_FINDINGS_FILE} was not written: ${name} was not proved, so findings may be missing`,
  fix: 'Remove what prevents the proof, then run it again.',
})
