// The list of rules, in the order of their documentation. npm run new-rule adds a new one.
import { againDiffers } from './proof/again-differs.js'
import { againFails } from './proof/again-fails.js'
import { byteOrderMark } from './files/byte-order-mark.js'
import { chainAgain } from './proof/chain-again.js'
import { chainDown } from './proof/chain-down.js'
import type { Rule } from './rule.js'
import { codeMigration } from './files/code-migration.js'
import { columnOrder } from './proof/column-order.js'
import { conflictMarker } from './files/conflict-marker.js'
import { downEmpty } from './proof/down-empty.js'
import { downFails } from './proof/down-fails.js'
import { downRestoresSchema } from './proof/down-restores-schema.js'
import { duplicateVersion } from './files/duplicate-version.js'
import { environment } from './proof/environment.js'
import { fileNameWords } from './files/file-name-words.js'
import { fileName } from './files/file-name.js'
import { fileSize } from './files/file-size.js'
import { gooseLostStatement } from './files/goose-lost-statement.js'
import { irreversible } from './files/irreversible.js'
import { mergedDeleted } from './change/merged-deleted.js'
import { mergedDownEdited } from './change/merged-down-edited.js'
import { mergedEdited } from './change/merged-edited.js'
import { mergedRenamed } from './change/merged-renamed.js'
import { mixedLineEnds } from './files/mixed-line-ends.js'
import { notUtf8 } from './files/not-utf8.js'
import { nothingToUndo } from './proof/nothing-to-undo.js'
import { outsideTransactionRule } from './files/outside-transaction.js'
import { ownTransaction } from './files/own-transaction.js'
import { pullClash } from './change/pull-clash.js'
import { psqlCommand } from './files/psql-command.js'
import { secret } from './files/secret.js'
import { seedIdempotent } from './proof/seed-idempotent.js'
import { sessionSetting } from './files/session-setting.js'
import { sqlMigratePassedOver } from './files/sql-migrate-passed-over.js'
import { template } from './files/template.js'
import { unpaired } from './files/unpaired.js'
import { unparsable } from './files/unparsable.js'
import { unreadable } from './files/unreadable.js'
import { upFails } from './proof/up-fails.js'
import { upToDate } from './proof/up-to-date.js'
import { versionGap } from './change/version-gap.js'
import { versionLate } from './change/version-late.js'
import { versionTaken } from './change/version-taken.js'
import { waiverExpired } from './waivers/waiver-expired.js'
import { waiverStale } from './waivers/waiver-stale.js'
import { waiverUnreadable } from './waivers/waiver-unreadable.js'
import { neverRuns } from './files/never-runs.js'
import { mergedRepaired } from './change/merged-repaired.js'
import { functionLayout } from './proof/function-layout.js'
import { serverBranch } from './files/server-branch.js'
import { tableRewrite } from './impact/table-rewrite.js'
import { blockingIndexBuild } from './impact/blocking-index-build.js'
import { blockingScan } from './impact/blocking-scan.js'
import { lockHeld } from './impact/lock-held.js'
import { lockOrder } from './impact/lock-order.js'
import { massChange } from './impact/mass-change.js'
import { failsOnRows } from './impact/fails-on-rows.js'
import { downFailsOnRows } from './impact/down-fails-on-rows.js'
import { losesRows } from './impact/loses-rows.js'
import { downLosesRows } from './impact/down-loses-rows.js'
import { breaksClients } from './impact/breaks-clients.js'
import { changesClients } from './impact/changes-clients.js'
import { leftInvalid } from './impact/left-invalid.js'
import { foreignKeyWithoutIndex } from './impact/foreign-key-without-index.js'
import { opensAccess } from './impact/opens-access.js'
import { noLockTimeout } from './impact/no-lock-timeout.js'

/** What the files alone show. */
export const FILE_RULES: readonly Rule[] = [
  fileName,
  fileNameWords,
  neverRuns,
  unpaired,
  duplicateVersion,
  downEmpty,
  irreversible,
  unparsable,
  unreadable,
  conflictMarker,
  template,
  psqlCommand,
  ownTransaction,
  outsideTransactionRule,
  sessionSetting,
  secret,
  codeMigration,
  gooseLostStatement,
  sqlMigratePassedOver,
  notUtf8,
  byteOrderMark,
  mixedLineEnds,
  fileSize,
  serverBranch,
]

/** What only a proof shows; they are silent without one. */
export const PROOF_RULES: readonly Rule[] = [
  upFails,
  downFails,
  downRestoresSchema,
  columnOrder,
  nothingToUndo,
  againFails,
  againDiffers,
  chainDown,
  chainAgain,
  seedIdempotent,
  upToDate,
  environment,
  functionLayout,
]

/** What a script does to a database in use; they are silent where nothing was watched. */
export const IMPACT_RULES: readonly Rule[] = [
  tableRewrite,
  blockingIndexBuild,
  blockingScan,
  lockHeld,
  lockOrder,
  massChange,
  failsOnRows,
  downFailsOnRows,
  losesRows,
  downLosesRows,
  breaksClients,
  changesClients,
  leftInvalid,
  foreignKeyWithoutIndex,
  opensAccess,
  noLockTimeout,
]

/** What only a comparison with the base branch shows; they are silent without one. */
export const CHANGE_RULES: readonly Rule[] = [
  mergedEdited,
  mergedDownEdited,
  mergedRenamed,
  mergedDeleted,
  versionTaken,
  versionLate,
  versionGap,
  pullClash,
  mergedRepaired,
]

/** What is wrong with a waiver itself; they run after all others. */
export const WAIVER_RULES: readonly Rule[] = [waiverUnreadable, waiverExpired, waiverStale]

export const RULES: readonly Rule[] = [...FILE_RULES, ...PROOF_RULES, ...IMPACT_RULES, ...CHANGE_RULES, ...WAIVER_RULES]
