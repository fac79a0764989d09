// The version of the next migration, in the form that the folder uses.
import { compareNumbers } from './version.js'

/**
 * `like` is the newest version of the folder as written in a file name, `highest` the largest one; `now` is in
 * milliseconds since 1970. Time stamps (14 digits and more, seconds, days) become the current time in UTC, and numbers go
 * up by one. Both are always beyond `highest`. Separators and leading zeros stay as in `like`.
 */
export function nextVersion({ like, highest, now }: { like: string; highest: string; now: number }): string {
  const digits = like.replaceAll(/\D/g, '')
  const stamp = stampOf(digits, now)
  if (stamp === undefined) return incremented(compareNumbers(like, highest) < 0 ? wider(like, highest) : like)
  const fresh = written(stamp, like)
  return compareNumbers(fresh, highest) > 0
    ? fresh
    : written(afterStamp(highest.replaceAll(/\D/g, ''), digits.length), like)
}

/** The time stamps of the tools, by the number of digits: goose, dbmate, diesel, sqlx, pop (20), knex (17). */
function stampOf(digits: string, now: number): string | undefined {
  const iso = new Date(now).toISOString().replaceAll(/\D/g, '')
  const isDate = /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.test(digits)
  switch (digits.length) {
    case 8:
    case 12:
      return isDate ? iso.slice(0, digits.length) : undefined
    case 10:
      return isDate ? `${iso.slice(0, 8)}00` : String(Math.floor(now / 1000))
    case 13:
      return String(now)
    default:
      return digits.length >= 14 ? iso.slice(0, 14).padEnd(digits.length, '0') : undefined
  }
}

/** Where two are made within one second, or a clock runs ahead: a second later, or just the next number. */
function afterStamp(highest: string, width: number): string {
  const [, date = '', time = '', rest = ''] = /^(\d{8})(\d{6})(\d*)$/.exec(highest) ?? []
  const iso = `${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`
  const moment = Date.parse(iso)
  if (date === '' || Number.isNaN(moment) || rest.length > width - 14) return String(BigInt(highest) + 1n)
  return new Date(moment + 1000).toISOString().replaceAll(/\D/g, '').slice(0, 14).padEnd(width, '0')
}

/** The digits of a stamp in the places of the digits of the sample. */
function written(stamp: string, like: string): string {
  let at = 0
  return like.replaceAll(/\d/g, () => stamp[at++] ?? '0')
}

/** The last number of a version, up by one, as wide as before where it fits. */
const incremented = (version: string): string =>
  version.replace(/\d+(?=\D*$)/, (number) => String(BigInt(number) + 1n).padStart(number.length, '0'))

/** `highest` in the form of `like`. A version with points (`1.1`) gives only its first number to a form without points. */
const wider = (like: string, highest: string): string => {
  const dotted = /^\d+$/.test(like) ? /^(\d+)[._]/.exec(highest)?.[1] : undefined
  const digits = (dotted ?? highest.replaceAll(/\D/g, '')).replace(/^0+(?=\d)/, '')
  return like.replace(/\d+(?=\D*$)/, (number) => digits.padStart(number.length, '0'))
}
