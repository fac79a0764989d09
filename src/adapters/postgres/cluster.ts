// A running PostgreSQL cluster, as everything in postgres/ sees it.
import type { ClientConfig } from 'pg'
import type { UserError } from '../../model/errors.js'
import type { ServerReport } from '../../report/check-report.js'

/**
 * `own`: started by us, ends with us, reached over a private Unix socket as a superuser. `given`: somebody else's;
 * `maintenance` is the database that we may connect to for creating and dropping scratch databases, and for nothing else.
 */
export type Cluster = {
  readonly kind: 'own' | 'given'
  readonly report: ServerReport
  readonly maintenance: string
  /** The one that we are there, where it is no superuser. */
  readonly role: string | undefined
  readonly connection: (database: string) => ClientConfig
  /** Call when a connection broke: what became of the server, with its last words, as the error to end the run with. */
  readonly explain: () => Promise<UserError>
  /** Ends and removes an own cluster; does nothing to a given one. May be called twice. */
  readonly stop: () => Promise<void>
}

/**
 * `disposable`: the user said that cluster-wide things of the given server may be changed. `notes` are sentences that the
 * user should read although nothing is wrong (a PostgreSQL newer than we know).
 */
export type Clusters = {
  readonly main: Cluster
  readonly disposable: boolean
  readonly notes: readonly string[]
  /** One more cluster of our own, of the same build; undefined on a given server. */
  readonly another: (() => Promise<Cluster>) | undefined
  readonly close: () => Promise<void>
}
