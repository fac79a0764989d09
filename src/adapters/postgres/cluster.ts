// A running PostgreSQL cluster, as the modules in postgres/ see it.
import type { ClientConfig } from 'pg'
import type { UserError } from '../../model/errors.js'
import type { ServerReport } from '../../report/check-report.js'

/**
 * `own`: we started it, it ends with us, and we connect over a private Unix socket as a superuser. `given`: it belongs
 * to someone else. `maintenance` is the database for creating and dropping scratch databases, and for no other purpose.
 */
export type Cluster = {
  readonly kind: 'own' | 'given'
  readonly report: ServerReport
  readonly maintenance: string
  /** Our role there, if it is no superuser. */
  readonly role: string | undefined
  readonly connection: (database: string) => ClientConfig
  /**
   * Call this after a connection broke. It gives the error to end the run with: what happened to the server, and its
   * last messages.
   */
  readonly explain: () => Promise<UserError>
  /** Ends and removes an own cluster. Does nothing to a given one. May be called twice. */
  readonly stop: () => Promise<void>
}

/**
 * `disposable`: the user allows cluster-wide changes on the given server. `notes` are sentences for the user about
 * things that are not wrong (a PostgreSQL newer than we know).
 */
export type Clusters = {
  readonly main: Cluster
  readonly disposable: boolean
  readonly notes: readonly string[]
  /** Another cluster of our own, of the same build, for one chain alone; undefined on a given server. */
  readonly another: (() => Promise<Cluster>) | undefined
  readonly close: () => Promise<void>
}
