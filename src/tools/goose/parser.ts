// goose's file grammar, statement for statement: ParseSQLMigration of goose v3.27.3, run once for each direction.
import type { Direction, Message } from '../../model/migration.js'
import { type Environment, substitute } from './envsub.js'
import { endsWithSemicolon, type Line, scanLines, tooLong, trimmed, trimSpace } from '../go-text.js'
import { messageOf, type Trouble } from '../script.js'

/**
 * `lost` are lines that goose drops silently; `error` is why it refuses the file, at the first place.
 * `sections` are the lines of the annotations in the file, so that an empty section differs from a missing one.
 */
export type GooseParse = {
  readonly sections: ReadonlyMap<Direction, number>
  readonly messages: readonly Message[]
  readonly transaction: 'wrapped' | 'none'
  readonly lost: readonly Trouble[]
  readonly error: Trouble | undefined
}

type State = 'start' | Direction | `${Direction} block` | `${Direction} end`

/** bufio's buffer in goose's parser. */
const LINE_LIMIT = 4 * 1024 * 1024

const WHY = 'goose refuses the file, and every command that reads it stops here.'

/** Statements of `direction` as goose would send them, each trimmed; with `environment` for ENVSUB. */
export function parseGoose(text: string, direction: Direction, environment: Environment): GooseParse {
  const messages: Message[] = []
  const lost: Trouble[] = []
  let state: State = 'start'
  let wrapped = true
  let envsub = false
  let block = 0
  let buffer: Line[] = []

  const sections = new Map<Direction, number>()
  const result = (error?: Trouble): GooseParse => ({
    sections,
    messages,
    transaction: wrapped ? 'wrapped' : 'none',
    lost,
    error,
  })
  const lines = scanLines(text)
  const long = tooLong(lines, LINE_LIMIT)

  for (const line of lines) {
    if (line === long)
      return result(refused(line.number, 'a line of 4 MiB or more: goose reports "token too long"', 'Break the line.'))
    if (state === 'start' && trimSpace(line.text) === '') continue

    if (looksLikeAnnotation(line.text)) {
      const read = readAnnotation(line.text)
      if ('error' in read) return result(refused(line.number, read.error, annotationFix(line.text)))
      if (read.annotation === 'NO TRANSACTION') wrapped = false
      else if (read.annotation.startsWith('ENVSUB')) envsub = read.annotation === 'ENVSUB ON'
      else {
        if (read.annotation === 'Down' && (state === 'up' || state === 'up end')) {
          const open = unfinished(buffer)
          if (open !== undefined) return result(open)
        }
        const next = transition(state, read.annotation)
        if (typeof next !== 'string') return result({ ...next, line: line.number })
        state = next
        if (read.annotation === 'StatementBegin') block = line.number
        if (read.annotation === 'Up' || read.annotation === 'Down')
          sections.set(read.annotation === 'Up' ? 'up' : 'down', line.number)
      }
      if (read.annotation !== 'StatementEnd') continue
    }

    if (buffer.length === 0 && (line.text === '' || trimSpace(line.text).startsWith('--'))) continue

    const ending: boolean = state.endsWith(' end')
    let sent = line.text
    if (!ending) {
      if (envsub) {
        const substituted = substitute(line.text, environment)
        if ('error' in substituted) {
          return result(refused(line.number, `variable substitution failed: ${substituted.error}`, ENVSUB_FIX))
        }
        sent = substituted.text
      }
      buffer.push({ text: sent, number: line.number })
    }

    if (state === 'start') return result(refused(line.number, 'text before "-- +goose Up"', startFix(text)))
    if (!state.startsWith(direction)) {
      buffer = []
      continue
    }
    if (ending) {
      if (buffer.length === 0 && trimSpace(line.text) !== '') lost.push(lostLine(line))
      messages.push(statement(buffer, line.number))
      buffer = []
      state = direction
    } else if (state === direction && endsWithSemicolon(sent)) {
      messages.push(statement(buffer, line.number))
      buffer = []
    }
  }

  if (state === 'start')
    return result(refused(1, 'no "-- +goose Up" annotation', 'Put "-- +goose Up" on the first line.'))
  if (state.endsWith(' block')) {
    return result(
      refused(
        block,
        '"-- +goose StatementBegin" without StatementEnd',
        'Put "-- +goose StatementEnd" after the statement.',
      ),
    )
  }
  return result(unfinished(buffer))
}

/** Where an annotation leads, or what is wrong with it there. */
function transition(state: State, annotation: Annotation): State | Trouble {
  switch (annotation) {
    case 'Up':
      return state === 'start' ? 'up' : refused(0, 'a second "-- +goose Up"', 'Keep one "-- +goose Up" in the file.')
    case 'Down':
      if (state === 'up' || state === 'up end') return 'down'
      return refused(
        0,
        state === 'start'
          ? '"-- +goose Down" before "-- +goose Up"'
          : '"-- +goose Down" in a place where it is not allowed',
        'One "-- +goose Up" first, then one "-- +goose Down", outside of StatementBegin and StatementEnd.',
      )
    case 'StatementBegin':
      if (state === 'up' || state === 'up end') return 'up block'
      if (state === 'down' || state === 'down end') return 'down block'
      return refused(
        0,
        '"-- +goose StatementBegin" outside of Up and Down',
        'Put it after "-- +goose Up" or "-- +goose Down".',
      )
    case 'StatementEnd':
      if (state === 'up block') return 'up end'
      if (state === 'down block') return 'down end'
      return refused(
        0,
        '"-- +goose StatementEnd" without StatementBegin',
        'Put "-- +goose StatementBegin" before the statement.',
      )
    case 'NO TRANSACTION':
    case 'ENVSUB ON':
    case 'ENVSUB OFF':
      return state
  }
}

function statement(buffer: readonly Line[], line: number): Message {
  if (buffer.length === 0) return { text: '', lines: [line], column: 1 }
  const text = buffer.map((part) => `${part.text}\n`).join('')
  // A variable's value may hold line ends; they all count as the line of the variable.
  const lines = buffer.flatMap((part) => Array<number>(part.text.split('\n').length).fill(part.number))
  return messageOf({ text, lines, ...trimmed(text) })
}

function unfinished(buffer: readonly Line[]): Trouble | undefined {
  const first = buffer.find((part) => trimSpace(part.text) !== '')
  if (first === undefined) return undefined
  return refused(
    first.number,
    'an unfinished statement: no semicolon at the end of a line',
    'End the statement with a semicolon as the last thing in its line, or put it between "-- +goose StatementBegin" and "-- +goose StatementEnd".',
  )
}

const refused = (line: number, message: string, fix: string): Trouble => ({ line, message, why: WHY, fix })

const lostLine = (line: Line): Trouble => ({
  line: line.number,
  message: 'goose drops this line: the StatementBegin/StatementEnd block before it is empty',
  why: 'The migration is recorded as applied, but this line never ran.',
  fix: 'Remove the empty block, or put a statement into it.',
})

const ENVSUB_FIX = 'Set the variable, write "$$" for a dollar sign, or put "-- +goose ENVSUB OFF" before this line.'

const annotationFix = (line: string): string =>
  `Write one of: -- +goose Up, Down, StatementBegin, StatementEnd, NO TRANSACTION, ENVSUB ON, ENVSUB OFF${
    /\+goose\s+(?:up|down)\b/i.test(line) ? ', with nothing else on the line' : ''
  }.`

const startFix = (text: string): string =>
  text.startsWith('\uFEFF')
    ? 'Save the file as UTF-8 without a byte order mark.'
    : 'Put "-- +goose Up" on the first line, and the SQL after it.'

/** The word of an annotation line, such as `-- +goose Up`. */
export type Annotation =
  | 'Up'
  | 'Down'
  | 'StatementBegin'
  | 'StatementEnd'
  | 'NO TRANSACTION'
  | 'ENVSUB ON'
  | 'ENVSUB OFF'

/** Compared as Go's `strings.EqualFold` does, hence the `u` flag. */
const ANNOTATIONS: readonly (readonly [Annotation, RegExp])[] = [
  ['Up', /^up$/iu],
  ['Down', /^down$/iu],
  ['StatementBegin', /^statementbegin$/iu],
  ['StatementEnd', /^statementend$/iu],
  ['NO TRANSACTION', /^no transaction$/iu],
  ['ENVSUB ON', /^envsub on$/iu],
  ['ENVSUB OFF', /^envsub off$/iu],
]

/** Whether a line is an annotation, right or wrong: every comment that mentions `+goose` in lower case is one. */
export const looksLikeAnnotation = (line: string): boolean =>
  line.includes('+goose') && trimSpace(line).startsWith('--')

export type ReadAnnotation = { readonly annotation: Annotation } | { readonly error: string }

/**
 * A line for which `looksLikeAnnotation` holds -> the annotation, or why goose refuses it. Follows extractAnnotation of
 * goose v3.27.3 (internal/sqlparser).
 */
export function readAnnotation(line: string): ReadAnnotation {
  if (/^[ \t]/.test(line)) return { error: 'the annotation has white space in front of it' }
  const rest = line.replaceAll('--', '').replace('+goose', '')
  if (rest.includes('+goose')) return { error: 'more than one +goose annotation in a line' }
  const command = trimSpace(rest)
  if (command === '') return { error: 'an empty +goose annotation' }
  const found = ANNOTATIONS.find(([, pattern]) => pattern.test(command))
  return found === undefined ? { error: `"${command}" is not a goose annotation` } : { annotation: found[0] }
}
