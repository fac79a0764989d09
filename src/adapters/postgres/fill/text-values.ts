// Texts that are numbered, in the form that text of applications often has.

/** What text columns hold: a program may cast it. */
export type TextForm = 'text' | 'integer' | 'json' | 'uuid' | 'timestamp' | 'boolean'

/** All forms, the plain one first. */
export const TEXT_FORMS: readonly TextForm[] = ['text', 'integer', 'json', 'uuid', 'timestamp', 'boolean']

const FORMS: Readonly<Record<TextForm, (n: string) => string>> = {
  text: (n) => `('text' || ${n})`,
  integer: (n) => `(${n})::text`,
  json: (n) => `('{"n": ' || ${n} || '}')`,
  uuid: (n) => `pg_catalog.md5((${n})::text)::uuid::text`,
  timestamp: (n) => `pg_catalog.to_char(${timestampOf(n)}, 'YYYY-MM-DD HH24:MI:SS')`,
  boolean: (n) => `(${n} % 2 = 0)::text`,
}

/** The n-th moment, each an hour and a minute behind the one before. */
export const timestampOf = (n: string): string => `(timestamp '2001-01-01 00:00:00' + ${n} * interval '61 minutes')`

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** SQL for the n-th text in this form, of at most `length` characters; up to three of them are digits to the base of 36. */
export function textValue(form: TextForm, length: number | undefined): (n: string) => string {
  const whole = FORMS[form]
  if (length === undefined) return whole
  if (length > 3) return (n) => `pg_catalog.right(${whole(n)}, ${length})`
  return (n) => `(${Array.from({ length }, (_, at) => digit(n, length - 1 - at)).join(' || ')})`
}

/** How many different texts `textValue` gives. */
export const textKinds = (form: TextForm, length: number | undefined): number =>
  length !== undefined && length <= 3 ? DIGITS.length ** length : form === 'boolean' ? 2 : Infinity

const digit = (n: string, place: number): string =>
  `pg_catalog.substr('${DIGITS}', (1 + ${n} / ${DIGITS.length ** place} % ${DIGITS.length})::int, 1)`
