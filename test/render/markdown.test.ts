import { describe, expect, test } from '@jest/globals'
import { code, fence, prose } from '../../src/render/markdown/escape.js'
import { renderSummary, SUMMARY_LIMIT } from '../../src/render/markdown/check-summary.js'
import { expectGolden } from './golden.js'
import {
  clean,
  database,
  environment,
  finding,
  hostile,
  HOSTILE,
  many,
  migration,
  mixed,
  oneFails,
  proof,
  report,
} from './reports.js'

describe('prose', () => {
  test.each([
    ['a mention', '@octocat @org/team a@b.example', '@\u200boctocat @\u200borg/team a@\u200bb.example'],
    ['an encoded mention', '&#64;octocat', '&amp;#\u200b64;octocat'],
    ['a reference', '#1 o/r#2 GH-3 gh-4', '#\u200b1 o/r#\u200b2 GH\u200b-3 gh\u200b-4'],
    ['HTML', '<b onclick="x">&amp;</b>', '&lt;b onclick="x"&gt;&amp;amp;&lt;/b&gt;'],
    ['the end of a comment', '-->', '\\--&gt;'],
    ['a link and an image', '[a](b) ![c](d)', '\\[a\\](b) !\\[c\\](d)'],
    ['a bare link', 'https://x.example www.x.example', 'https:\u200b//x.example www\u200b.x.example'],
    ['emphasis and code', '*a* _b_ ~c~ `d`', '\\*a\\* \\_b\\_ \\~c\\~ \\`d\\`'],
    ['a cell', 'a|b\\|c', 'a&#124;b\\\\&#124;c'],
    ['an emoji', ':tada: a::text', ':\u200btada: a::text'],
    ['mathematics', '$x$', '<span>$</span>x<span>$</span>'],
    ['a list', '1. a', '1\\. a'],
    ['a date', '2026-11-23', '2026-11-23'],
    ['another list', '- a - b', '\\- a - b'],
    ['a heading below', '=== a=b', '\\=== a=b'],
    ['lines', 'a\nb\r', 'a\\\\nb\\\\r'],
    ['nothing special', 'index idx does not exist, 42704', 'index idx does not exist, 42704'],
    ['a command', 'run `pg-migration-gate up --to 3`, @all', 'run `pg-migration-gate up --to 3`, @\u200ball'],
    ['a hostile command', '`pg-migration-gate <b>|` `x`', '<code>pg-migration-gate &lt;b&gt;&#124;</code> \\`x\\`'],
  ])('%s', (_name, text, expected) => expect(prose(text)).toBe(expected))
})

describe('code', () => {
  test.each([
    ['a name', 'core_db', '`core_db`'],
    ['a backtick', 'a`b', '``a`b``'],
    ['backticks at the ends', '`a``', '``` `a`` ```'],
    ['a pipe', 'a|b`c', '<code>a&#124;b\\`c</code>'],
    ['blanks at both ends', ' a ', '`  a  `'],
    ['nothing', ' ', ''],
    ['lines', 'a\n# b', '`a\\n# b`'],
  ])('%s', (_name, text, expected) => expect(code(text)).toBe(expected))

  test('a fence is longer than any run inside of it', () => {
    expect(fence('a\n````\n~~~\n', 'sql')).toEqual(['`````sql', 'a', '````', '~~~', '`````'])
  })
})

/** The summary without fences and code: all that GitHub would look at for mentions, links and HTML. */
function outsideOfCode(markdown: string): string {
  const kept: string[] = []
  let ticks = ''
  for (const line of markdown.split('\n')) {
    const opening = /^(`{3,})(?:\w+)?$/.exec(line)?.[1]
    if (ticks === '' && opening !== undefined) ticks = opening
    else if (ticks === '') kept.push(line)
    else if (line === ticks) ticks = ''
  }
  expect(ticks).toBe('')
  return kept.join('\n').replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
}

describe('hostile text in the summary', () => {
  test.each(Object.entries(HOSTILE))('%s shows what it is and does nothing', (_name, text) => {
    const markdown = renderSummary(hostile(text))
    const rest = outsideOfCode(markdown)
    expect(rest.replaceAll('&#124;', '')).not.toMatch(/[@#](?=[\w])/)
    expect(rest).not.toMatch(/https?:\/\/|www\./)
    expect(rest.replace(/<\/?(?:details|summary|span|code)>/g, '')).not.toMatch(/[<>]/)
    expect((rest.match(/<details>/g) ?? []).length).toBe((rest.match(/<\/details>/g) ?? []).length)
    expect(markdown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/)
  })

  test.each(Object.entries(HOSTILE))('%s adds no heading, list, row or block of its own', (_name, text) => {
    const shape = (markdown: string): readonly string[] =>
      outsideOfCode(markdown)
        .split('\n')
        .map((line) => /^(?:#+ |\| |\|-|- |<\/?\w+>|\*\*|\s*$)/.exec(line)?.[0] ?? 'text')
    expect(shape(renderSummary(hostile(text)))).toEqual(shape(renderSummary(hostile('harmless text'))))
  })

  test('each row has as many cells as the head', () => {
    const rows = outsideOfCode(renderSummary(hostile(HOSTILE['pipe'] ?? '')))
      .split('\n')
      .filter((line) => line.startsWith('|'))
    expect(rows.map((row) => row.split('|').length)).toEqual(rows.map(() => 8))
  })
})

describe('the summary', () => {
  test('a clean run', () => expectGolden('clean.summary', renderSummary(clean())))
  test('one migration that fails', () => expectGolden('one-fails.summary', renderSummary(oneFails())))
  test('every kind of trouble', () => expectGolden('mixed.summary', renderSummary(mixed())))
  test('a server that is not there', () => {
    expect(renderSummary(environment())).toContain('## ⚠️ ENVIRONMENT: no PostgreSQL server to prove on')
    expect(renderSummary(environment())).toContain('Fix: give --server URL, or install PostgreSQL')
  })

  const big = (parts: { readonly migrations: number; readonly differences: number; readonly text: string }) => {
    const ids = Array.from({ length: parts.migrations }, (_, i) => `${(i + 1).toString().padStart(5, '0')}_change`)
    const differences = Array.from({ length: parts.differences }, (_, i) => ({
      ...({ change: 'lost', class: 'real', kind: 'function', parent: undefined, after: undefined } as const),
      identity: `public.f${i}()`,
      before: parts.text,
    }))
    return report({
      databases: [
        database(
          'big_db',
          ids.map((id) => migration(id, { proof: proof({ down: 'differs', differences }) })),
        ),
      ],
      findings: ids.flatMap((id) => [
        finding({ database: 'big_db', migration: id, message: `m: ${parts.text}` }),
        finding({ database: 'big_db', migration: id, level: 'warning', rule: 'file-size' }),
      ]),
    })
  }

  test.each([
    [
      'differences go first',
      { migrations: 60, differences: 200, text: 'x'.repeat(80) },
      'differences after the first 20',
    ],
    [
      'then details',
      { migrations: 400, differences: 40, text: 'x'.repeat(150) },
      'details after the first 20 migrations',
    ],
    ['then problems', { migrations: 3_000, differences: 1, text: 'é'.repeat(300) }, 'problems after the first 1,000'],
    ['at last all but the heading', { migrations: 1_200, differences: 1, text: '日'.repeat(1_000) }, 'everything else'],
  ])('steps down and says so: %s', (_name, parts, expected) => {
    const markdown = renderSummary(big(parts))
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(SUMMARY_LIMIT)
    expect(markdown).toContain('Too long to show')
    expect(markdown).toContain(expected)
    expect(markdown).toMatch(/^## ❌ FAIL: /)
    outsideOfCode(markdown)
  })

  test('a summary of exactly the limit is not shortened, one byte less is', () => {
    const whole = renderSummary(many(30))
    expect(renderSummary(many(30), Buffer.byteLength(whole))).toBe(whole)
    expect(renderSummary(many(30), Buffer.byteLength(whole) - 1)).toContain('Too long to show')
  })

  test('whatever is in the report, the last version fits', () => {
    const text = '$|@#'.repeat(5_000)
    const markdown = renderSummary(hostile(text))
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(SUMMARY_LIMIT)
    expect(markdown).toContain('everything else')
  })
})
