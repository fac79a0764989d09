// Random chains of migrations for tests; the bench uses the same ones.
export { makeChain } from '../../bench/chains.mjs'
export type { ChainMigration, ChainOptions } from '../../bench/chains.mjs'
