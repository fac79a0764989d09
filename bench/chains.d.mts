// What a random chain is made of, for those who write in TypeScript.

/**
 * `mix`: `bench` holds tables, columns, indexes, foreign keys, enums, checks, triggers, views and functions in one to
 * three statements each; `all` holds everything that the generator knows. `renames`, `broken` and `irreversible` are
 * shares from 0 to 1 of the migrations: that rename something (`bench`: only columns), whose down is wrong, and that add
 * an enum label and have no down.
 */
export type ChainOptions = {
  readonly seed: number
  readonly length: number
  readonly mix?: 'bench' | 'all'
  readonly renames?: number
  readonly broken?: number
  readonly irreversible?: number
}

/**
 * `transaction`: `wrapped` is to be run in one transaction; `own` has its own BEGIN and COMMIT in the text; `none` is
 * one statement that refuses to run inside of a transaction. `broken` says what is wrong with the down.
 */
export type ChainMigration = {
  readonly version: string
  readonly name: string
  readonly up: string
  readonly down: string | undefined
  readonly transaction: 'wrapped' | 'own' | 'none'
  readonly irreversible: string | undefined
  readonly broken: 'left behind' | 'fails' | 'empty' | undefined
}

/** A chain from an empty database on, the same for the same options. Versions are `00001`, `00002`, ... */
export function makeChain(options: ChainOptions): readonly ChainMigration[]
