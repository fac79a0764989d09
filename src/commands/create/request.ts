// What somebody asks of `create`, and what came of it.
import type { CheckRequest } from '../shared/request.js'

/**
 * `name` in any spelling. `fromSql` is the path of a file with the SQL of the up. The rest is about the scratch server
 * that a down is derived on.
 */
export type CreateRequest = Pick<CheckRequest, 'config' | 'server' | 'postgres' | 'disposableServer'> & {
  readonly command: 'create'
  readonly database: string
  readonly name: string
  readonly seed: boolean
  readonly fromSql: string | undefined
}

/**
 * `files` were written, paths from the repository root. `derived` says what came of deriving a down, where that was
 * asked for: `written` if it stands in the file, `problem` in a sentence why it does not.
 */
export type Created = {
  readonly database: string
  readonly id: string
  readonly files: readonly string[]
  readonly derived: Derived | undefined
  readonly exitCode: 0 | 1
}

export type Derived = {
  readonly word: 'same' | 'column-order' | 'not proved'
  readonly statements: number
  readonly notes: readonly string[]
  readonly loses: readonly string[]
  readonly problem: string | undefined
}
