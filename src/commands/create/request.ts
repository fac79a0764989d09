// The request for `create` and its result.
import type { CheckRequest } from '../../requests/request.js'

/**
 * `name` in any spelling. `fromSql`: the path of a file with the SQL of the up. The rest configures the scratch server on
 * which the down is derived.
 */
export type CreateRequest = Pick<CheckRequest, 'config' | 'server' | 'postgres' | 'disposableServer'> & {
  readonly command: 'create'
  readonly database: string
  readonly name: string
  readonly seed: boolean
  readonly fromSql: string | undefined
}

/**
 * `files`: the written files, as paths from the repository root. `derived`: the result of deriving a down, where that was
 * requested.
 */
export type Created = {
  readonly database: string
  readonly id: string
  readonly files: readonly string[]
  readonly derived: Derived | undefined
  readonly exitCode: 0 | 1
}

/**
 * `word`: how well the proved down restores the schema. `loses`: the data that it drops. `problem`: why there is no down,
 * in a sentence; undefined when there is one. `onRows`: what became of the down on tables with rows.
 */
export type Derived = {
  readonly word: 'same' | 'column-order' | 'function-layout' | 'not proved'
  readonly statements: number
  readonly notes: readonly string[]
  readonly loses: readonly string[]
  readonly problem: string | undefined
  readonly onRows: 'holds' | 'fails' | 'fails on some' | 'not tried'
}
