// Reads the text of one option into a value, for the command line and for inputs.
import { didYouMean } from '../../model/did-you-mean.js'
import { UserError } from '../../model/errors.js'

/** How the user writes the option: `--fail-on` or `input fail-on`. */
export type Naming = (name: string) => string

const YES = new Set(['true', 'True', 'TRUE'])
const NO = new Set(['false', 'False', 'FALSE'])

const wrong = (what: string, fix: string): UserError => new UserError({ kind: 'use', what, fix })

/** Accepts the six spellings of YAML 1.2's core schema. Empty text gives the default. */
export function readFlag(options: { text: string; default: boolean; name: string }): boolean {
  const text = options.text.trim()
  if (text === '') return options.default
  if (YES.has(text)) return true
  if (NO.has(text)) return false
  throw wrong(`${options.name} is "${text}", which is neither true nor false`, 'Write true or false.')
}

/** One of the choices. Empty text gives the default. */
export function readChoice<const W extends string, D extends W | undefined>(options: {
  text: string
  choices: readonly W[]
  default: D
  name: string
}): W | D {
  const text = options.text.trim()
  if (text === '') return options.default
  const word = options.choices.find((choice) => choice === text)
  if (word !== undefined) return word
  throw wrong(
    `${options.name} is "${text}"${didYouMean(text, options.choices)}`,
    `Use one of: ${options.choices.join(', ')}.`,
  )
}

/** A positive whole number, undefined for empty text. */
export function readNumber(options: { text: string; name: string; example: string }): number | undefined {
  const text = options.text.trim()
  if (text === '') return undefined
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw wrong(`${options.name} is "${text}", which is not a whole number`, `For example: ${options.example}.`)
}

const DURATION = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h)?$/
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const
const isTimeUnit = (text: string): text is keyof typeof MILLISECONDS => Object.hasOwn(MILLISECONDS, text)

/** A time as people write it (`500ms`, `60s`, `5m`; a number alone is seconds) in milliseconds; undefined for empty text. */
export function readDuration(options: { text: string; name: string; example: string }): number | undefined {
  const text = options.text.trim()
  if (text === '') return undefined
  const [, number, unit = 's'] = DURATION.exec(text) ?? []
  if (number !== undefined && isTimeUnit(unit)) return Math.round(Number(number) * MILLISECONDS[unit])
  throw wrong(`${options.name} is "${text}", which is not a time`, `For example: ${options.example}, 500ms or 5m.`)
}

/**
 * Several values, one per line or separated by `separator`. It accepts any line end, and ignores blank lines and lines that
 * begin with `#`. A repeated value counts once.
 */
export function readList(text: string, separator: ',' | undefined): readonly string[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('#'))
  const values = separator === undefined ? lines : lines.flatMap((line) => line.split(separator))
  return [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))]
}
