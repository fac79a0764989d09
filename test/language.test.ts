// Keeps the dialect out of what people read: messages, comments, docs. docs/ARCHITECTURE.md has the glossary.
import { expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** A word that newcomers stumble over, and what to write instead. */
const BANNED: readonly (readonly [words: RegExp, instead: string])[] = [
  [/\b(?:un)?told\b/i, 'says, reports, lists'],
  [/\bstands? there\b/i, 'is'],
  [/\b(?:take|takes|taken|taking|took)(?: \w+)? back\b/i, 'roll back'],
  [/\b(?:nobody|somebody|whoever)\b/i, 'no one, a user, an account: name who it is'],
  [/\banew\b/i, 'again'],
  [/\bthe like\b/i, 'name what it is'],
]

type Text = { readonly line: number; readonly text: string }

const found = (path: string, texts: readonly Text[]): readonly string[] =>
  texts.flatMap(({ line, text }) =>
    BANNED.flatMap(([words, instead]) => {
      const hit = words.exec(text)
      return hit === null ? [] : [`${path}:${line}: "${hit[0]}" (say: ${instead})`]
    }),
  )

const linesOf = (text: string): readonly Text[] => text.split('\n').map((one, i) => ({ line: i + 1, text: one }))

/** A string in front of the function that is a test, as in `test('a title', () => ...)`. */
function isTitle(node: ts.Node): boolean {
  for (let at = node; !ts.isFunctionLike(at) && !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at
    if (ts.isCallExpression(parent) && parent.expression !== at && parent.arguments.some(ts.isFunctionLike)) return true
  }
  return false
}

/**
 * The comments of a file, and its strings: all of them, or only titles of tests. Its names are not judged, nor values:
 * a string of one word, a word in quotes.
 */
function textsOf(path: string, source: string, strings: 'all' | 'titles' = 'all'): readonly Text[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true)
  const texts: Text[] = []
  const lineAt = (position: number): number => file.getLineAndCharacterOfPosition(position).line + 1
  const seen = new Set<number>()
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []) {
      if (seen.has(range.pos)) continue
      seen.add(range.pos)
      for (const { line, text } of linesOf(source.slice(range.pos, range.end)))
        texts.push({ line: lineAt(range.pos) + line - 1, text })
    }
    const isText =
      ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)
    if (isText && /\s/.test(node.text) && (strings === 'all' || isTitle(node)))
      texts.push({ line: lineAt(node.getStart()), text: node.text.replaceAll(/'\w+'/g, '') })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return texts
}

const read = (path: string): string => readFileSync(ROOT + path, 'utf8')

const below = (folder: string, ending: string): readonly string[] =>
  readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .sort()

test('messages and comments of the sources are in plain words', () => {
  expect(below('src', '.ts').flatMap((path) => found(path, textsOf(path, read(path))))).toEqual([])
})

test('titles and comments of the tests are in plain words', () => {
  // This file holds the words as data.
  const files = below('test', '.ts').filter((path) => path !== 'test/language.test.ts')
  expect(files.flatMap((path) => found(path, textsOf(path, read(path), 'titles')))).toEqual([])
})

test('what users read beside them is in plain words', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'action.yml', 'Makefile', 'compose.yaml']
  const files = [...pages, ...below('docs', '.md'), ...below('scripts', '.sh'), ...below('.github', '.yml')]
  expect(files.flatMap((path) => found(path, linesOf(read(path))))).toEqual([])
})

test.each([
  ['a string', "const a = 'nobody knows'", 'a.ts:1: "nobody" (say: no one, a user, an account: name who it is)'],
  ['a template', 'const a = `\n${b} was taken back`', 'a.ts:2: "taken back" (say: roll back)'],
  ['a comment', '\n// Made anew.\nconst a = 1', 'a.ts:2: "anew" (say: again)'],
  ['a docstring', '/**\n * Or the like.\n */\nconst a = 1', 'a.ts:2: "the like" (say: name what it is)'],
])('a banned word in %s is found', (_where, source, expected) => {
  expect(found('a.ts', textsOf('a.ts', source))).toEqual([expected])
})

test.each([
  ["test('is told', () => {})", ['told']],
  ["test.each([['is told']])('is %s anew', async () => {})", ['anew']],
  ["on('goose', `${name}: is told`, () => {})", ['told']],
  ["test('is right', () => { expect(said('is told')).toBe('nobody knows') })", []],
  ['// As nobody would.\nconst a = 1', ['nobody']],
])('of a test only titles and comments are judged: %s', (source, words) => {
  const lines = found('a.ts', textsOf('a.ts', source, 'titles'))
  expect(lines.map((line) => /"(.*)"/.exec(line)?.[1])).toEqual(words)
})

test('names and values are not judged', () => {
  expect(
    found(
      'a.ts',
      textsOf(
        'a.ts',
        "import { told } from './told.js'\nconst { nobody } = told\nconst a = 'nobody'\nconst b = `SELECT 'nobody'`",
      ),
    ),
  ).toEqual([])
})
