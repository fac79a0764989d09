// The comment on a pull request, as a reader on GitHub would get it.
import { describe, expect, test } from '@jest/globals'
import { COMMENT_LIMIT } from '../../src/report/posting.js'
import { renderComment } from '../../src/render/markdown/comment.js'
import { renderJson } from '../../src/render/json.js'
import { suggestionsOf } from '../../src/render/markdown/suggestion.js'
import type { LineEdit, OnlineWay, Report } from '../../src/report/check-report.js'
import { wayText } from '../../src/report/online-way.js'
import { adds, badChange, change, cleanChange } from './change-reports.js'
import { body, expectValidLength } from './comments.js'
import { commentsOf, elementsOf, textOf, treeOf } from './dom.js'
import { expectGolden } from './golden.js'
import { hostileTexts } from './hostile-texts.js'
import { database, environment, finding, hostile, migration, proof, report } from './reports.js'

describe('what it says', () => {
  test('a clean change', () => expectGolden('clean.comment', body(cleanChange())))
  test('a down that does not hold', () => expectGolden('bad.comment', body(badChange())))
  test('no server', () => expect(body(environment())).toMatch(/^### ⚠️ ENVIRONMENT: no PostgreSQL server/))

  test('what changed since the last push', () => {
    const before = badChange()
    const { state } = renderComment({ ...before, change: change({ head: '0'.repeat(40) }) }, { limit: COMMENT_LIMIT })
    const after = { ...before, findings: before.findings.slice(1) }
    expect(body(after, { previous: state })).toContain('since the last push: 1 fixed, 0 new')
    expect(body(before, { previous: renderComment(before, { limit: COMMENT_LIMIT }).state })).not.toContain('since')
  })

  test.each([
    '',
    'x',
    '[]',
    '{}',
    '{"head":1,"problems":[]}',
    '{"head":"a","problems":{}}',
    '{"head":"@a","problems":[1]}',
  ])('a state that is not ours: %s', (previous) =>
    expect(body(badChange(), { previous })).not.toMatch(/@a|undefined|NaN/),
  )

  test('only the page of a run becomes a link', () => {
    const url = 'https://github.com/o/r/actions/runs/12'
    expect(body(badChange(), { reportUrl: url })).toContain(`[full report](${url})`)
    expect(body(badChange(), { reportUrl: 'https://evil.example/a) @b' })).not.toMatch(/\]\(|https?:\/\//)
  })
})

/** Everything that a stranger may fill, in a report of a change. */
function hostileChange(text: string): Report {
  const sample = hostile(text)
  const own = migration(text, {
    scope: 'proved',
    touched: 'added',
    proof: proof({ repair: { kind: 'append', sql: text, loses: [text], notes: [text] } }),
    does: [adds('column', `public.${text}`, text, `table public.${text}`)],
    sql: { up: text, down: text },
  })
  const [first] = sample.databases
  const waived = { until: '2027-01-01', reason: text, place: undefined }
  return {
    ...sample,
    change: change({ branch: text, notSeen: [text] }),
    databases: [
      { ...database(text, [own, ...(first?.migrations ?? [])]) },
      database(`${text}!`, [], { untouched: true }),
    ],
    setAside: [finding({ database: text, migration: text, message: text, waived })],
  }
}

const texts = hostileTexts()

const shapeOf = (root: Awaited<ReturnType<typeof treeOf>>): readonly string[] =>
  elementsOf(root)
    .map(({ tagName }) => tagName)
    .filter((name) => name !== 'span')

/** Most texts have the same lines, so that the harmless one is the same, too. */
const harmless = new Map<string, readonly string[]>()
async function harmlessShape(text: string): Promise<readonly string[]> {
  const known = harmless.get(text)
  if (known !== undefined) return known
  const shape = shapeOf(await treeOf(body(hostileChange(text))))
  harmless.set(text, shape)
  return shape
}

describe('hostile text', () => {
  test('there are two hundred of them', () => expect(new Set(texts).size).toBeGreaterThanOrEqual(200))

  test.each(texts.map((text, i) => [i, text] as const))(
    '%i %j renders nothing, mentions no account and hides nothing',
    async (_, text) => {
      const markdown = body(hostileChange(text))
      const tree = await treeOf(markdown)
      // The same elements in the same order as with a harmless word: nothing of the text became an element.
      expect(shapeOf(tree)).toEqual(await harmlessShape(text.replaceAll(/[^\n]+/g, 'x')))
      expect(commentsOf(tree)).toEqual([])
      expect(
        elementsOf(tree).filter(({ tagName }) => ['a', 'img', 'script', 'iframe', 'input'].includes(tagName)),
      ).toEqual([])
      // GitHub looks for these in what is shown outside of code.
      expect(textOf(tree, ['code', 'pre'])).not.toMatch(/(?:^|[^\w`])[@#](?=\w)|\bGH-\d|https?:\/\/|www\./i)
      expect(markdown).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/,
      )
      // Nothing is missing: what the text is made of is there, in the SQL above all.
      const words = text.match(/[A-Za-z]{3,}/g) ?? []
      const shown = textOf(tree).replaceAll('\u200b', '')
      for (const word of words) expect(shown).toContain(word)
    },
  )
})

test('a line with a secret is neither shown nor suggested', () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`
  const edit = { file: 'a.down.sql', line: 1, text: `SELECT '${secret}';\nDROP TABLE a;` }
  const given = (own: LineEdit): Report =>
    report({
      change: change(),
      databases: [
        database('core_db', [
          migration('00001_a', {
            touched: 'added',
            proof: proof({
              down: 'differs',
              repair: {
                kind: 'append',
                sql: 'DROP TABLE a;',
                loses: [],
                notes: ['Rows of b_c may keep it.'],
                edit: own,
              },
            }),
          }),
        ]),
      ],
    })
  const [suggestion, ...more] = suggestionsOf(given({ ...edit, text: 'DROP TABLE a;' }))
  expect(suggestion?.body).toContain('(proved). Rows of b\\_c may keep it.')
  expect(more).toEqual([])
  expect(suggestionsOf(given(edit))).toEqual([])
  expect(renderJson(given(edit))).not.toContain(secret)
})

test('a proved way: a block for each file, and a suggestion where it is one file and its finding counts', () => {
  const edit = { file: 'db/00002_b.sql', from: 1, line: 2, text: 'CREATE INDEX CONCURRENTLY i ON a (id);' }
  const files = ['db/00002_b.sql', 'db/00003_c.sql'].map((path) => ({ path, text: `-- ${path}\nSELECT 1;\n` }))
  const given = (online: OnlineWay, isWaived = false): Report => {
    const own = finding({
      rule: 'blocking-index-build',
      database: 'core_db',
      migration: '00002_b',
      fix: wayText(online),
    })
    return report({
      change: change(),
      databases: [database('core_db', [migration('00002_b', { touched: 'added', online })])],
      ...(isWaived ? { setAside: [own] } : { findings: [own] }),
    })
  }
  const one: OnlineWay = { files: files.slice(0, 1), migrations: ['00002_b'], edit }
  const [suggestion, ...more] = suggestionsOf(given(one))
  expect(suggestion).toMatchObject(edit)
  expect(suggestion?.body).toContain('```suggestion\nCREATE INDEX CONCURRENTLY i ON a (id);\n```')
  expect(more).toEqual([])
  expect(suggestionsOf(given(one, true))).toEqual([])
  const shown = body(given({ files, migrations: ['00002_b', '00003_c'] }))
  expect(shown).toContain('Proved: these 2 migrations lead to the same schema')
  for (const { path, text } of files) expect(shown).toContain(`\`${path}\`\n\n\`\`\`sql\n${text}\`\`\``)
})

// test/long/big-comments.test.ts has 3000 migrations, and a report of 3 MB.
describe('its length, of up to 500 migrations', () => {
  test.each([
    [3, 100],
    [30, 1000],
    [100, 3000],
    [500, 3000],
  ])('%i migrations with %i characters each: valid, and what went is said', (count, size) =>
    expectValidLength(count, size),
  )
})
