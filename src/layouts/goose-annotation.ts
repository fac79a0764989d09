// A goose annotation line: `-- +goose Up` and its kin. Follows extractAnnotation of goose v3.27.3 (internal/sqlparser).
import { trimSpace } from './lines.js'

export type Annotation =
  'Up' | 'Down' | 'StatementBegin' | 'StatementEnd' | 'NO TRANSACTION' | 'ENVSUB ON' | 'ENVSUB OFF'

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

/** Every comment that mentions `+goose` in lower case is one, or an error. */
export const looksLikeAnnotation = (line: string): boolean =>
  line.includes('+goose') && trimSpace(line).startsWith('--')

export type ReadAnnotation = { readonly annotation: Annotation } | { readonly error: string }

/** A line for which `looksLikeAnnotation` holds -> the annotation, or why goose refuses it. */
export function readAnnotation(line: string): ReadAnnotation {
  if (/^[ \t]/.test(line)) return { error: 'the annotation has white space in front of it' }
  const rest = line.replaceAll('--', '').replace('+goose', '')
  if (rest.includes('+goose')) return { error: 'more than one +goose annotation in a line' }
  const command = trimSpace(rest)
  if (command === '') return { error: 'an empty +goose annotation' }
  const found = ANNOTATIONS.find(([, pattern]) => pattern.test(command))
  return found === undefined ? { error: `"${command}" is no goose annotation` } : { annotation: found[0] }
}
