// How every output format writes numbers, times, lists and places.
import type { Place } from '../../model/source.js'
import { oneLine } from './escape.js'

/** `1,234`: thousands separators in every locale. */
export const count = (value: number): string => value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** `1 migration`, `1,234 migrations`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

/** Milliseconds as `12 ms`, `0.2 s`, `41 s`, `3 min 20 s`. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  if (ms < 99.5) return `${Math.round(ms).toString()} ms`
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds.toString()} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes.toString()} min ${(seconds % 60).toString()} s`
  return `${count(Math.floor(minutes / 60))} h ${(minutes % 60).toString()} min`
}

/** An ISO 8601 time as `2026-11-23 16:00 UTC`. Text that is not a time is returned unchanged. */
export function utcTime(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** The first few of a list, and how many more there are. */
export function firstFew(items: readonly string[], limit: number, unlisted = 0): string {
  const more = Math.max(items.length - limit, 0) + unlisted
  return `${items.slice(0, limit).join(', ')}${more === 0 ? '' : ` and ${count(more)} more`}`
}

/** `path:line:column`, which editors and GitHub make clickable. */
export const placeText = (place: Place): string =>
  `${oneLine(place.file)}:${place.line.toString()}:${place.column.toString()}`

/** The page of a rule, from the root of this tool's repository. */
export const pageOf = (rule: string): string => `docs/checks/${oneLine(rule)}.md`
