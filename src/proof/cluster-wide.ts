// Whether scripts reach past their own database.
import type { Script } from '../core/migration.js'
import { clusterWide } from '../core/sql-cluster.js'
import { splitStatements } from '../core/sql.js'

export const reachesCluster = (scripts: readonly Script[]): boolean =>
  scripts.some((script) =>
    script.messages.some((message) =>
      splitStatements(message.text).some((statement) => clusterWide(statement) !== undefined),
    ),
  )
