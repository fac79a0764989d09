// Questions to a live database before and after a deploy. They change nothing.
import type { Condition, RelationSize, Room } from '../release/preview.js'
import type { PossibleLoss, Loss } from '../catalog/data-loss.js'
import type { Identity } from '../release/approval-digest.js'
import type { Target } from './target.js'

/**
 * Names of relations are valid SQL as they are. Every function rejects with a UserError when the connection is gone.
 */
export interface Inspection {
  readonly identity: (target: Target) => Promise<{ readonly identity: Identity; readonly role: string }>
  /**
   * What prevents the deploy now, and what is worth knowing. The deploy touches `relations`. `role` also checks what
   * the role may do.
   */
  readonly conditions: (
    target: Target,
    about: { readonly relations: readonly string[]; readonly role: 'ask' | 'leave' },
  ) => Promise<readonly Condition[]>
  /**
   * The rights that roles get on a relation when its owner makes it again: by its name, the letters of each role
   * (PostgreSQL, "ALTER DEFAULT PRIVILEGES").
   */
  readonly defaultRights: (
    target: Target,
    relations: readonly string[],
  ) => Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>
  /** Only relations that exist. */
  readonly sizes: (target: Target, relations: readonly string[]) => Promise<readonly RelationSize[]>
  /**
   * Each count may take `limitMs`, and only reads. Without a number, and with the reason, if it takes longer, the role may
   * not read the table, or the server cannot answer now.
   */
  readonly count: (target: Target, losing: readonly PossibleLoss[], limitMs: number) => Promise<readonly Loss[]>
  /** `needed` is the room for the tables that are rewritten. */
  readonly room: (target: Target, rewritten: readonly string[]) => Promise<Room>
  /**
   * The number of rows of a query, in a transaction that cannot write. Rejects with a UserError for a refusal of the
   * server.
   */
  readonly rowsOf: (target: Target, query: string) => Promise<number>
}
