// Indexes of existing tables that are built while clients wait.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS_GOOSE } from '../samples.js'
import { indexWay } from './better-way.js'
import { runOnEffects } from './judged.js'

const WHY =
  'Clients of the table wait for as long as the index is built, and an index takes longer than anything else that reads a whole table.'

export const blockingIndexBuild: Rule = {
  id: 'blocking-index-build',
  title: 'Indexes of tables with rows are built while clients go on',
  level: 'warning',
  why: WHY,
  bad: `${MERGED_ORDERS_GOOSE}
-- 00002_index_state.sql
-- +goose Up
CREATE INDEX orders_state ON orders (state);
-- +goose Down
DROP INDEX orders_state;`,
  good: `${MERGED_ORDERS_GOOSE}
-- 00002_index_state.sql
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY orders_state ON orders (state);
-- +goose Down
DROP INDEX CONCURRENTLY orders_state;`,
  run: runOnEffects('blocking-index-build', WHY, indexWay),
}
