// The list of rules, in the order of their documentation. A new rule is a file and a line here.
import { againDiffers } from './again-differs.js'
import { againFails } from './again-fails.js'
import { byteOrderMark } from './byte-order-mark.js'
import { chainAgain } from './chain-again.js'
import { chainDown } from './chain-down.js'
import type { Check } from './check.js'
import { codeMigration } from './code-migration.js'
import { columnOrder } from './column-order.js'
import { conflictMarker } from './conflict-marker.js'
import { downEmpty } from './down-empty.js'
import { downFails } from './down-fails.js'
import { downRestoresSchema } from './down-restores-schema.js'
import { duplicateVersion } from './duplicate-version.js'
import { environment } from './environment.js'
import { fileNameWords } from './file-name-words.js'
import { fileName } from './file-name.js'
import { fileSize } from './file-size.js'
import { gooseLostStatement } from './goose-lost-statement.js'
import { irreversible } from './irreversible.js'
import { mergedDeleted } from './merged-deleted.js'
import { mergedDownEdited } from './merged-down-edited.js'
import { mergedEdited } from './merged-edited.js'
import { mergedRenamed } from './merged-renamed.js'
import { mixedLineEnds } from './mixed-line-ends.js'
import { notUtf8 } from './not-utf8.js'
import { nothingToUndo } from './nothing-to-undo.js'
import { outsideTransactionCheck } from './outside-transaction.js'
import { ownTransaction } from './own-transaction.js'
import { pullClash } from './pull-clash.js'
import { psqlCommand } from './psql-command.js'
import { secret } from './secret.js'
import { seedIdempotent } from './seed-idempotent.js'
import { sessionSetting } from './session-setting.js'
import { sqlMigratePassedOver } from './sql-migrate-passed-over.js'
import { template } from './template.js'
import { unpaired } from './unpaired.js'
import { unparsable } from './unparsable.js'
import { unreadable } from './unreadable.js'
import { upFails } from './up-fails.js'
import { upToDate } from './up-to-date.js'
import { versionGap } from './version-gap.js'
import { versionLate } from './version-late.js'
import { versionTaken } from './version-taken.js'
import { waiverExpired } from './waiver-expired.js'
import { waiverStale } from './waiver-stale.js'
import { waiverUnreadable } from './waiver-unreadable.js'

/** What the files alone show. */
export const FILE_CHECKS: readonly Check[] = [
  fileName,
  fileNameWords,
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
  outsideTransactionCheck,
  sessionSetting,
  secret,
  codeMigration,
  gooseLostStatement,
  sqlMigratePassedOver,
  notUtf8,
  byteOrderMark,
  mixedLineEnds,
  fileSize,
]

/** What only a proof shows; they are silent without one. */
export const PROOF_CHECKS: readonly Check[] = [
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
]

/** What only a comparison with the base branch shows; they are silent without one. */
export const CHANGE_CHECKS: readonly Check[] = [
  mergedEdited,
  mergedDownEdited,
  mergedRenamed,
  mergedDeleted,
  versionTaken,
  versionLate,
  versionGap,
  pullClash,
]

/** What is wrong with accepting others. */
export const WAIVER_CHECKS: readonly Check[] = [waiverUnreadable, waiverExpired, waiverStale]

export const CHECKS: readonly Check[] = [...FILE_CHECKS, ...PROOF_CHECKS, ...CHANGE_CHECKS, ...WAIVER_CHECKS]
