// No text gives orders to a terminal or to a GitHub runner.
import { describe, expect, test } from '@jest/globals'
import { printable, printableCommands, printableJson } from '../../../src/adapters/host/printable.js'

const COMMANDS = [
  'add-mask',
  'add-matcher',
  'remove-matcher',
  'debug',
  'notice',
  'warning',
  'error',
  'group',
  'endgroup',
  'echo',
  'save-state',
  'set-output',
  'stop-commands',
  'set-env',
  'add-path',
  'internal-set-repo-path',
]
const log = (text: string): string => printable(text, { surface: 'log', colour: false })

/** What the runner would obey: the rules of actions/runner, ActionCommand.cs, on lines as .NET reads them. */
const obeyed = (text: string): readonly string[] =>
  text.split(/\r\n|\r|\n/).filter((line) => /^\s*::/.test(line) || /##\[[^\]]*\]/.test(line))

describe.each(COMMANDS)('%s', (name) => {
  test.each([
    `::${name}::x`,
    `  ::${name} a=b::x`,
    `text\n::${name}::x`,
    `text\r::${name}::x`,
    `text\r\n\t::${name.toUpperCase()}::x`,
    `\u00a0::${name}::x`,
    `\u200b::${name}::x`,
    `\u001b[0m::${name}::x`,
    `in the ##[${name}]middle`,
    `###[${name}]x`,
    `##[##[${name}]x`,
  ])('%j', (text) => {
    expect(obeyed(text.replaceAll(/\u001b\[0m|\u200b/g, ''))).not.toEqual([])
    const shown = log(text)
    expect(obeyed(shown)).toEqual([])
    expect(obeyed(shown.replaceAll(/\\u\{\w+\}|\u200b/g, ''))).toEqual([])
    expect(obeyed(JSON.parse(`"${printableJson(JSON.stringify(text).slice(1, -1))}"`) as string)).toEqual(obeyed(text))
    expect(printableJson(JSON.stringify(text))).not.toContain('##[')
  })
})

test('ordinary text stays as it is', () => {
  const text = 'SELECT a::int, b # c\n\tcafé 日本 👍 -- [x]'
  expect(log(text)).toBe(text)
  expect(printable(text, { surface: 'terminal', colour: true })).toBe(text)
})

test('control characters become visible, our own colours pass when there are any', () => {
  const text = '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u001b[2J a\u0000b \u202egpj\u2066 \u009b1m'
  expect(printable(text, { surface: 'terminal', colour: true })).toBe(
    '\u001b[31mred\u001b[0m \\u{1b}]0;title\\u{7} \\u{1b}[2J a\\u{0}b \\u{202e}gpj\\u{2066} \\u{9b}1m',
  )
  expect(printable('\u001b[31mred', { surface: 'terminal', colour: false })).toBe('\\u{1b}[31mred')
})

test('annotations stay commands, everything else on their lines does not', () => {
  expect(printableCommands('::error file=a.sql,line=1::text ##[x]\n::set-output name=a::b\n::notice::a\rb\n')).toBe(
    '::error file=a.sql,line=1::text ## [x]\n: :set-output name=a::b\n::notice::a\nb\n',
  )
})
