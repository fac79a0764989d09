// Indexes of existing tables that are built while clients wait.
import type { Rule } from '../rule.js'
import { indexWay } from './better-way.js'
import { runOnEffects } from './judged.js'

const WHY =
  'Clients of the table wait for as long as the index is built, and an index takes longer than anything else that reads a whole table.'

export const blockingIndexBuild: Rule = {
  id: 'blocking-index-build',
  title: 'Indexes of tables with rows are built while clients go on',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_index_email.sql
-- +goose Up
CREATE INDEX idx_users_email ON users (email);
-- +goose Down
DROP INDEX idx_users_email;`,
  good: `-- 00002_index_email.sql
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY idx_users_email ON users (email);
-- +goose Down
DROP INDEX CONCURRENTLY idx_users_email;`,
  run: runOnEffects('blocking-index-build', WHY, indexWay),
}
