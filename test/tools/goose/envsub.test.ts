import { describe, expect, test } from '@jest/globals'
import { substitute } from '../../../src/tools/goose/envsub.js'

const environment = { NAME: 'foo', EMPTY: '', Ünï_1: 'ü€x' }

describe('values', () => {
  test.each([
    ['no dollar', 'no dollar'],
    ['$NAME', 'foo'],
    ['a${NAME}b', 'afoob'],
    ['$NAME_X', ''],
    ['$UNSET.', '.'],
    ['$Ünï_1', 'ü€x'],
    ['${EMPTY:-word}', 'word'],
    ['${UNSET:-word}', 'word'],
    ['${EMPTY-word}', ''],
    ['${UNSET-word}', 'word'],
    ['${UNSET:-a ${NAME:-b} c}', 'a foo c'],
    ['${NAME?needed}', 'foo'],
    ['${EMPTY?needed}', ''],
    ['${NAME:1}', 'oo'],
    ['${NAME:0:1}', 'f'],
    ['${NAME: -1}', 'o'],
    ['${NAME:0:-1}', 'fo'],
    ['${NAME:9}', ''],
    ['${NAME: -9:2}', 'fo'],
    ['${Ünï_1:2:3}', '€'],
    ['\\$NAME $$NAME', '$NAME $NAME'],
    ['\\\\NAME', '\\\\NAME'],
    ['$(ls)', '$(ls)'],
    ['ends in $', 'ends in $'],
    ['$constructor', ''],
  ])('%s -> %s', (line, text) => {
    expect(substitute(line, environment)).toEqual({ text })
  })
})

describe('errors', () => {
  test.each([
    ['$1', /start with a letter, got 1/],
    ['$_x', /start with a letter, got _/],
    ["$'", /start with a letter/],
    ['${', /start with a letter/],
    ['${NAME', /operator/],
    ['${NAME+x}', /operator, got \+/],
    ['${NAME:?x}', /offset/],
    ['${NAME:1:x}', /length/],
    ['${NAME:-x', /end with }/],
    ['${UNSET?}', /^\$UNSET: not set$/],
    ['${UNSET?say $NAME}', /^\$UNSET: say foo$/],
  ])('%s', (line, error) => {
    expect(substitute(line, environment)).toEqual({ error: expect.stringMatching(error) })
  })
})
