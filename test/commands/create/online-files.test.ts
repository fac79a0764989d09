// The files of an online way: their text in each layout, their names and their versions.
import { describe, expect, test } from '@jest/globals'
import type { WrittenMigration } from '../../../src/impact/online/online-migration.js'
import type { LayoutName } from '../../../src/model/migration.js'
import { filesIn } from '../../support/online-layouts.js'

const FILL = `DO $batches$\nBEGIN\n  UPDATE orders SET n = DEFAULT WHERE n IS NULL;\n  COMMIT;\nEND\n$batches$`

const WAY: readonly WrittenMigration[] = [
  {
    title: 'change orders',
    up: ['ALTER TABLE orders ADD COLUMN n integer', 'COMMENT ON COLUMN orders.n IS $$a;b$$'],
    down: ['ALTER TABLE orders DROP COLUMN n'],
    transaction: 'wrapped',
  },
  { title: 'fill orders', up: [FILL], down: [], transaction: 'none' },
  {
    title: 'build orders_n',
    up: ['CREATE INDEX CONCURRENTLY orders_n ON orders (n)'],
    down: ['DROP INDEX CONCURRENTLY orders_n'],
    transaction: 'none',
  },
]

const NOTHING = '-- Nothing in the catalogue changes here, so there is nothing to roll back.\n'

const written = (
  layout: LayoutName,
  names: readonly string[],
  name: string,
): Readonly<Record<string, string>> | undefined => {
  const files = filesIn(layout, WAY, { names, name, now: Date.UTC(2026, 10, 26, 2, 5, 9) })?.files
  return files && Object.fromEntries(files.map(({ path, text }) => [path, text]))
}

const NUMBERED = ['00001_a', '00002_b', '00003_add_n']

describe('a migration without a transaction', () => {
  test('goose: the marker, and a block around semicolons', () => {
    expect(written('goose', NUMBERED, '00003_add_n')).toEqual({
      '00003_add_n.sql': `-- +goose Up
ALTER TABLE orders ADD COLUMN n integer;
-- +goose StatementBegin
COMMENT ON COLUMN orders.n IS $$a;b$$;
-- +goose StatementEnd

-- +goose Down
ALTER TABLE orders DROP COLUMN n;
`,
      '00004_fill_orders.sql': `-- +goose NO TRANSACTION
-- +goose Up
-- +goose StatementBegin
${FILL};
-- +goose StatementEnd

-- +goose Down
${NOTHING}`,
      '00005_build_orders_n.sql': `-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY orders_n ON orders (n);

-- +goose Down
DROP INDEX CONCURRENTLY orders_n;
`,
    })
  })

  test('sql-migrate and dbmate: a word behind each section', () => {
    expect(written('sql-migrate', NUMBERED, '00003_add_n')?.['00004_fill_orders.sql'])
      .toBe(`-- +migrate Up notransaction
-- +migrate StatementBegin
${FILL};
-- +migrate StatementEnd

-- +migrate Down notransaction
${NOTHING}`)
    expect(written('dbmate', NUMBERED, '00003_add_n')?.['00005_build_orders_n.sql'])
      .toBe(`-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY orders_n ON orders (n);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY orders_n;
`)
  })

  test('pairs: one statement, under the marker of sqlx', () => {
    const files = written('pairs', NUMBERED, '00003_add_n')
    expect(Object.keys(files ?? {})).toEqual([
      '00003_add_n.up.sql',
      '00003_add_n.down.sql',
      '00004_fill_orders.up.sql',
      '00004_fill_orders.down.sql',
      '00005_build_orders_n.up.sql',
      '00005_build_orders_n.down.sql',
    ])
    expect(files?.['00004_fill_orders.up.sql']).toBe(`-- no-transaction\n${FILL};\n`)
    expect(files?.['00004_fill_orders.down.sql']).toBe(`-- no-transaction\n${NOTHING}`)
  })

  test('diesel: settings beside the two files', () => {
    const files = written('directories', NUMBERED, '00003_add_n')
    expect(files?.['00005_build_orders_n/metadata.toml']).toBe('run_in_transaction = false\n')
    expect(files?.['00003_add_n/metadata.toml']).toBeUndefined()
    expect(files?.['00005_build_orders_n/down.sql']).toBe('DROP INDEX CONCURRENTLY orders_n;\n')
  })
})

describe('versions', () => {
  const paths = (layout: LayoutName, names: readonly string[], name: string): readonly string[] | undefined => {
    const files = written(layout, names, name)
    return files && Object.keys(files)
  }

  test('behind the newest one as for any new migration', () => {
    expect(paths('goose', ['20240101000000_a', '20240102000000_b', '20240103000000_c'], '20240103000000_c')).toEqual([
      '20240103000000_c.sql',
      '20261126020509_fill_orders.sql',
      '20261126020510_build_orders_n.sql',
    ])
  })

  test('directly behind an earlier one', () => {
    expect(paths('dbmate', ['20240101000000_a', '20240102235959_b', '20240103000010_c'], '20240102235959_b')).toEqual([
      '20240102235959_b.sql',
      '20240103000000_fill_orders.sql',
      '20240103000001_build_orders_n.sql',
    ])
    expect(paths('goose', ['00001_a', '00002_b', '00005_c'], '00002_b')).toEqual([
      '00002_b.sql',
      '00003_fill_orders.sql',
      '00004_build_orders_n.sql',
    ])
  })

  test('no files where there is no room', () => {
    expect(paths('goose', ['00001_a', '00002_b', '00004_c'], '00002_b')).toBeUndefined()
  })
})
