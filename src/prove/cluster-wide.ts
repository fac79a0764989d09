// Whether scripts change more than their own database.
import type { Script } from '../model/migration.js'
import { clusterWideChange, maybeClusterWide } from '../sql/cluster-wide.js'
import { statementsIn } from '../sql/statements.js'

/** Whether a script changes objects of the whole server (roles, tablespaces, settings), as far as its text shows. */
export const reachesCluster = (scripts: readonly Script[]): boolean =>
  scripts.some((script) =>
    script.messages.some(
      (message) =>
        maybeClusterWide(message.text) &&
        statementsIn(message).some((statement) => clusterWideChange(statement) !== undefined),
    ),
  )
