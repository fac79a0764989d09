// The hidden beginning of our comment: its key, its run, and state for the next run.
import { hash } from 'node:crypto'

/** `run` is the number of the workflow run, which only grows. `state` is for the renderer. */
export type Memory = { readonly run: number; readonly state: string }

const STATE = /^<!-- state:([A-Za-z0-9_-]{0,16000}) -->$/

/** `key` is any text that distinguishes comments of one pull request, such as the workflow and the config. */
export const markerOf = (key: string): string => `<!-- pg-migration-gate:${hash('sha256', key).slice(0, 16)} -->`

export const withMemory = (key: string, { run, state }: Memory, body: string): string =>
  `${markerOf(key)}\n<!-- state:${Buffer.from(JSON.stringify({ run, state })).toString('base64url')} -->\n${body}`

/** Undefined for another body. It is untrusted: users with the right to edit the comment may have written it. */
export function memoryOf(key: string, body: string): Memory | undefined {
  const [marker, line = ''] = body.split(/\r?\n/, 2)
  if (marker !== markerOf(key)) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(STATE.exec(line)?.[1] ?? '', 'base64url').toString('utf8'))
    if (typeof value !== 'object' || value === null) return NOTHING
    const { run, state } = value as { readonly run?: unknown; readonly state?: unknown }
    return { run: Number.isSafeInteger(run) ? Number(run) : 0, state: typeof state === 'string' ? state : '' }
  } catch {
    return NOTHING
  }
}

const NOTHING: Memory = { run: 0, state: '' }

/** Whether GitHub already has this text. GitHub may change line ends. */
export const sameText = (held: string, text: string): boolean => plain(held) === plain(text)

const plain = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd()

/** The beginning of a text, cut between characters. */
export const cutTo = (limit: number, text: string): string => text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '')
