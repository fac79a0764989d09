// The version of the next migration, in the form that the folder uses.
import { compareNumbers } from './version.js'

/**
 * `like` is a version of the folder as written in a file name, `highest` the largest one; `now` is in milliseconds since
 * 1970. Points in time (days, minutes, seconds, and counts of seconds to nanoseconds since 1970) become the current
 * time in UTC, always one that is in the calendar. Numbers go up by one. Both are always beyond `highest`. Separators
 * and leading zeros stay as in `like`.
 */
export function nextVersion({ like, highest, now }: { like: string; highest: string; now: number }): string {
  const digits = digitsOf(like)
  const form = formOf(digits, now)
  const last = digitsOf(highest)
  if (form === undefined) return incremented(compareNumbers(like, highest) < 0 ? wider(like, highest) : like)
  if (last.length > digits.length) return nextVersion({ like: highest, highest, now })
  const fresh = form.at(now)
  return written(compareNumbers(fresh, last) > 0 ? fresh : form.after(last), like)
}

const digitsOf = (version: string): string => version.replaceAll(/\D/g, '')

/** How a point in time is written as digits. `after`: the next one that is larger than these digits, also where they are none. */
type Form = { readonly at: (moment: number) => string; readonly after: (digits: string) => string }

/**
 * The forms of the tools, by the number of digits: goose, dbmate, diesel, sqlx (14), pop (20), knex (17), golang-migrate
 * (10 for seconds, 19 for nanoseconds), node-pg-migrate and TypeORM (13). Undefined for a number.
 */
function formOf(digits: string, now: number): Form | undefined {
  const width = digits.length
  if (width < 8 || digits.startsWith('0')) return undefined
  const isDate = /^(?:19|2[01])/.test(digits)
  if (width === 8) return isDate ? calendar(8, width) : undefined
  if (width === 10) return /^2[01]/.test(digits) && now < YEAR_2033 ? daily : epoch(1000, width)
  if (width === 12) return isDate ? calendar(12, width) : undefined
  if (width === 13) return epoch(1, width)
  if (width >= 14 && isDate && isMonth(digits)) return calendar(14, width)
  if (width === 16) return epoch(1 / 1000, width)
  if (width === 19) return epoch(1 / 1_000_000, width)
  return width >= 14 && isDate ? calendar(14, width) : undefined
}

/** From then on, a count of seconds begins as a date does. */
const YEAR_2033 = 2_000_000_000_000

/** Counts of microseconds and nanoseconds begin as a year does, and go on in their own way. */
const isMonth = (digits: string): boolean => /^....(?:0[1-9]|1[0-2])/.test(digits)

/** A count since 1970, in units of so many milliseconds. */
const epoch = (unit: number, width: number): Form => ({
  at: (moment) => String(unit < 1 ? BigInt(moment) * BigInt(Math.round(1 / unit)) : Math.floor(moment / unit)),
  after: (digits) => String(BigInt(digits) + 1n).padStart(width, '0'),
})

/** The first `places` digits of year, month, day, hour, minute and second; zeros up to the width of the form. */
const calendar = (places: 8 | 12 | 14, width: number): Form => {
  const at = (moment: number): string => digitsOf(new Date(moment).toISOString()).slice(0, places).padEnd(width, '0')
  return { at, after: (digits) => at(momentAfter(digits.slice(0, places).padEnd(14, '0'), places)) }
}

/** A day and two digits that count what is made on it. */
const daily: Form = {
  at: (moment) => `${calendar(8, 8).at(moment)}00`,
  after: (digits) => {
    const day = digits.slice(0, 8)
    const isFull = digits.slice(8) === '99' || readMoment(`${day}000000`) === undefined
    return isFull ? `${calendar(8, 8).after(day)}00` : String(BigInt(digits) + 1n)
  },
}

const SECOND = 1000
const DAY = 86_400_000

/** The first moment of the calendar that is written with larger digits. */
function momentAfter(digits: string, places: 8 | 12 | 14): number {
  const step = places === 8 ? DAY : places === 12 ? 60 * SECOND : SECOND
  const exact = readMoment(digits)
  if (exact !== undefined) return exact + step
  const fields = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)/.exec(digits)?.slice(1).map(Number) ?? []
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = fields
  if (month < 1) return Date.UTC(year, 0, 1)
  if (month > 12) return Date.UTC(year + 1, 0, 1)
  if (day < 1) return Date.UTC(year, month - 1, 1)
  if (readMoment(`${digits.slice(0, 8)}000000`) === undefined) return Date.UTC(year, month, 1)
  if (hour > 23) return Date.UTC(year, month - 1, day + 1)
  if (minute > 59) return Date.UTC(year, month - 1, day, hour + 1)
  return Date.UTC(year, month - 1, day, hour, minute + 1)
}

/** 14 digits as a moment; undefined where the calendar or the clock has none. */
function readMoment(digits: string): number | undefined {
  const iso = digits.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z')
  const moment = Date.parse(iso)
  if (Number.isNaN(moment)) return undefined
  return digitsOf(new Date(moment).toISOString()).startsWith(digits) ? moment : undefined
}

/** The digits of a point in time in the places of the digits of the sample. */
function written(stamp: string, like: string): string {
  let at = 0
  const text = like.replaceAll(/\d/g, () => stamp[at++] ?? '0')
  return `${text}${stamp.slice(at)}`
}

/** The last number of a version, up by one, as wide as before where it fits. */
const incremented = (version: string): string =>
  version.replace(/\d+(?=\D*$)/, (number) => String(BigInt(number) + 1n).padStart(number.length, '0'))

/** `highest` in the form of `like`. A version with points (`1.1`) gives only its first number to a form without points. */
const wider = (like: string, highest: string): string => {
  const dotted = /^\d+$/.test(like) ? /^(\d+)[._]/.exec(highest)?.[1] : undefined
  const digits = (dotted ?? digitsOf(highest)).replace(/^0+(?=\d)/, '')
  return like.replace(/\d+(?=\D*$)/, (number) => digits.padStart(number.length, '0'))
}
