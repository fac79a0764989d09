// When a deploy may run: days and hours in a time zone, as written in the config. Pure.

/** `Mon-Thu 09:00-16:00 Europe/Berlin`: days from 0 (Sunday), minutes of the day, the end not included. */
export type Window = {
  readonly text: string
  readonly days: readonly number[]
  readonly from: number
  readonly to: number
  readonly zone: string
}

export const WINDOW_FORM = 'Mon-Thu 09:00-16:00 Europe/Berlin'

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** A window, or the fault of the text. A time zone is a name of the IANA database, or UTC. */
export function parseWindow(text: string): Window | { readonly wrong: string } {
  const [, days, from, to, zone] = /^(\S+)\s+(\d\d:\d\d)-(\d\d:\d\d)\s+(\S+)$/.exec(text.trim()) ?? []
  if (days === undefined || from === undefined || to === undefined || zone === undefined) {
    return { wrong: `"${text}" is not a window` }
  }
  const known = daysOf(days)
  if (known === undefined) return { wrong: `"${days}" names no days` }
  const start = minutesOf(from)
  const end = minutesOf(to)
  if (start === undefined || end === undefined || start >= end) {
    return { wrong: `${from}-${to} is not a span within one day` }
  }
  if (!isZone(zone)) return { wrong: `"${zone}" is not a time zone` }
  return { text: text.trim(), days: known, from: start, to: end, zone }
}

/** `Mon-Thu`, `Sat,Sun`, `daily`. A span may cross the end of the week. */
function daysOf(text: string): readonly number[] | undefined {
  if (text.toLowerCase() === 'daily') return [0, 1, 2, 3, 4, 5, 6]
  const days = text.split(',').map((part) => {
    const ends = part.split('-').map((day) => DAYS.indexOf(day.toLowerCase()))
    const [first = -1, last = first] = ends
    if (ends.length > 2 || first < 0 || last < 0) return undefined
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, i) => (first + i) % 7)
  })
  return days.includes(undefined) ? undefined : days.flatMap((one) => one ?? [])
}

function minutesOf(text: string): number | undefined {
  const [hours = 99, minutes = 99] = text.split(':').map(Number)
  const all = hours * 60 + minutes
  return minutes < 60 && all <= 24 * 60 ? all : undefined
}

/** Whether it is a name of the IANA database, or UTC. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== ''
  } catch {
    return false
  }
}

/** `at` in milliseconds since 1970. No windows: always. */
export const isOpen = (windows: readonly Window[], at: number): boolean =>
  windows.length === 0 || windows.some((window) => holds(window, at))

function holds({ days, from, to, zone }: Window, at: number): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const).formatToParts(at)
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  const minutes = Number(part('hour')) * 60 + Number(part('minute'))
  return days.includes(DAYS.indexOf(part('weekday').toLowerCase())) && minutes >= from && minutes < to
}
