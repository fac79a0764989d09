// The HTML report as text: it loads nothing, and what strangers write stays text. test/long/html-in-browser.test.ts opens it.
import { expect, test } from '@jest/globals'
import { renderHtml } from '../../src/render/html/report.js'
import { badChange } from './change-reports.js'
import { clean, environment, hostile, HOSTILE, mixed } from './reports.js'

test('nothing is loaded from anywhere', () => {
  for (const report of [clean(), mixed(), badChange(), environment()]) {
    const html = renderHtml(report)
    expect(html.match(/\b(?:src|href)="(?!#)[^"]*"|@import|url\(/g)).toBeNull()
    expect(html).toContain("default-src 'none'")
    expect(html).toMatch(/<\/html>\n$/)
  }
})

test.each(Object.entries(HOSTILE))('hostile text is text: %s', (_, text) => {
  const html = renderHtml(hostile(text))
  const plain = renderHtml(hostile('harmless'))
  const tags = (page: string): readonly string[] =>
    (page.match(/<\/?[a-z][\w-]*/g) ?? []).filter((tag) => !/pre|code|ins|del|b$|li|p$/.test(tag))
  expect(tags(html)).toEqual(tags(plain))
  expect(html).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/)
})
