// Comments on pull requests as text, and what holds for those of many migrations.
import { expect } from '@jest/globals'
import { COMMENT_LIMIT } from '../../src/report/posting.js'
import { renderComment } from '../../src/render/markdown/comment.js'
import type { Report } from '../../src/report/check-report.js'
import { change } from './change-reports.js'
import { htmlOf } from './dom.js'
import { many } from './reports.js'

export const body = (given: Report, more: { readonly previous?: string; readonly reportUrl?: string } = {}): string =>
  renderComment(given, { limit: COMMENT_LIMIT, ...more }).body

/** Failing migrations, each with scripts of `size` characters. */
function long(count: number, size: number): Report {
  const sample = many(count)
  const sql = `SELECT '${'x'.repeat(size)}';`
  return {
    ...sample,
    change: change(),
    databases: sample.databases.map((one) => ({
      ...one,
      migrations: one.migrations.map((own) => ({ ...own, touched: 'added' as const, sql: { up: sql, down: sql } })),
    })),
  }
}

/** Fails unless the comment about so many migrations fits, is valid, and says what was left out. */
export async function expectValidLength(count: number, size: number): Promise<void> {
  const markdown = body(long(count, size))
  expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(COMMENT_LIMIT)
  const html = await htmlOf(markdown)
  for (const name of ['details', 'table', 'tr', 'td', 'summary', 'sub']) {
    expect((html.match(new RegExp(`<${name}[ >]`, 'g')) ?? []).length).toBe(
      (html.match(new RegExp(`</${name}>`, 'g')) ?? []).length,
    )
  }
  expect(html).toMatch(/^<h3>❌ FAIL:/)
  if (count > 3) expect(markdown).toContain('Too long to show')
}
