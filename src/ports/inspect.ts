// What is asked of a live database around a deploy. Nothing here changes anything.
import type { Condition, RelationSize, Room } from '../release/preview.js'
import type { PossibleLoss, Loss } from '../catalog/data-loss.js'
import type { Identity } from '../release/approval-digest.js'
import type { Target } from './target.js'

/** Names of relations can stand in SQL as they are. Every function rejects with a UserError when the connection is gone. */
export interface Inspection {
  readonly identity: (target: Target) => Promise<{ readonly identity: Identity; readonly role: string }>
  /** What stands in the way now, and what is worth knowing. `relations` will be touched; `role` also asks what the role may do. */
  readonly conditions: (
    target: Target,
    about: { readonly relations: readonly string[]; readonly role: 'ask' | 'leave' },
  ) => Promise<readonly Condition[]>
  /** Only of relations that are there. */
  readonly sizes: (target: Target, relations: readonly string[]) => Promise<readonly RelationSize[]>
  /** Each count may take `limitMs`; what takes longer, or may not be read, is not counted. */
  readonly count: (target: Target, losing: readonly PossibleLoss[], limitMs: number) => Promise<readonly Loss[]>
  /** `needed` is what the tables take that are written anew. */
  readonly room: (target: Target, rewritten: readonly string[]) => Promise<Room>
  /** How many rows a query gives, asked in a transaction that cannot write. Rejects with a UserError for what the server refuses. */
  readonly rowsOf: (target: Target, query: string) => Promise<number>
}
