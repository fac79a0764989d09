// A report without the secrets that scripts, server messages and definitions may hold.
import type { Ahead } from '../release/preview.js'
import type { Difference } from '../catalog/difference.js'
import type { Finding } from '../model/finding.js'
import type { LiveReport } from './run-report.js'
import type { ChainReport, DatabaseReport, Proof, Repair, Report, ScriptFailure } from './check-report.js'
import { withoutSecrets } from '../sql/secrets.js'

/** The same report with `***` for every secret in a text that a script or the server wrote. Doing it twice changes nothing. */
export const reportWithoutSecrets = (report: Report): Report => ({
  ...report,
  databases: report.databases.map(database),
  findings: report.findings.map(finding),
  setAside: report.setAside.map(finding),
  problems: report.problems.map(({ what, fix }) => ({ what: withoutSecrets(what), fix: withoutSecrets(fix) })),
})

/** The same for a run on live databases. */
export const liveReportWithoutSecrets = (report: LiveReport): LiveReport => ({
  ...report,
  ...(report.approval && {
    approval: {
      ...report.approval,
      refused: report.approval.refused.map((one) => ({
        ...one,
        what: withoutSecrets(one.what),
        fix: withoutSecrets(one.fix),
      })),
    },
  }),
  targets: report.targets.map((target) => ({
    ...target,
    notes: target.notes.map(withoutSecrets),
    stopped: target.stopped && {
      ...target.stopped,
      what: withoutSecrets(target.stopped.what),
      fix: withoutSecrets(target.stopped.fix),
    },
    ...(target.ahead && { ahead: aheadWithout(target.ahead) }),
    standing: target.standing && { ...target.standing, drift: target.standing.drift?.map(difference) },
    steps: target.steps.map((step) => ({
      ...step,
      failure: step.failure === undefined ? undefined : failure(step.failure),
      left: step.left.map(withoutSecrets),
      fix: maybe(step.fix),
    })),
  })),
})

const aheadWithout = (ahead: Ahead): Ahead => ({
  ...ahead,
  drift: ahead.drift?.map(difference),
  notCompared: ahead.notCompared.map(withoutSecrets),
  conditions: ahead.conditions.map((one) => ({ ...one, what: withoutSecrets(one.what) })),
  steps: ahead.steps.map((step) => ({ ...step, does: step.does.map(difference), backWhy: maybe(step.backWhy) })),
})

const finding = (one: Finding): Finding => ({
  ...one,
  message: withoutSecrets(one.message),
  why: withoutSecrets(one.why),
  fix: withoutSecrets(one.fix),
})

const database = (one: DatabaseReport): DatabaseReport => ({
  ...one,
  notProved: maybe(one.notProved),
  chain: one.chain === undefined ? undefined : seen(one.chain),
  migrations: one.migrations.map((migration) => ({
    ...migration,
    proof: migration.proof === undefined ? undefined : proofOf(migration.proof),
    ...(migration.does && { does: migration.does.map(difference) }),
    ...(migration.sql && { sql: { up: withoutSecrets(migration.sql.up), down: maybe(migration.sql.down) } }),
  })),
})

const proofOf = (proof: Proof): Proof => ({
  ...seen(proof),
  ...(proof.repair && { repair: repairOf(proof.repair) }),
})

/** An edit is taken as it stands, so one that holds a secret is left out. */
function repairOf({ edit, ...repair }: Repair): Repair {
  const shown = edit !== undefined && withoutSecrets(edit.text) === edit.text
  return { ...repair, sql: withoutSecrets(repair.sql), ...(shown && { edit }) }
}

const seen = <T extends Proof | ChainReport>(proof: T): T => ({
  ...proof,
  differences: proof.differences.map(difference),
  againDifferences: proof.againDifferences.map(difference),
  failure: proof.failure === undefined ? undefined : failure(proof.failure),
})

const difference = (one: Difference): Difference => ({ ...one, before: maybe(one.before), after: maybe(one.after) })

const failure = (one: ScriptFailure): ScriptFailure => ({
  ...one,
  message: withoutSecrets(one.message),
  detail: maybe(one.detail),
  hint: maybe(one.hint),
  line: maybe(one.line),
})

const maybe = (text: string | undefined): string | undefined => (text === undefined ? undefined : withoutSecrets(text))
