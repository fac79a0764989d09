// The hidden beginning of our comment: whose it is, of which run, and what the next run wants to know.
import { hash } from 'node:crypto'

/** `run` is the number of the workflow run, which only grows; `state` is for the renderer. */
export type Memory = { readonly run: number; readonly state: string }

const STATE = /^<!-- state:([A-Za-z0-9_-]{0,16000}) -->$/

/** `key` tells comments of one pull request apart: the workflow and the config, for instance. Any text. */
export const markerOf = (key: string): string => `<!-- pg-migration-gate:${hash('sha256', key).slice(0, 16)} -->`

export const withMemory = (key: string, { run, state }: Memory, body: string): string =>
  `${markerOf(key)}\n<!-- state:${Buffer.from(JSON.stringify({ run, state })).toString('base64url')} -->\n${body}`

/** Undefined for a body that is not ours. Whoever may edit the comment may have written all of it. */
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

/** Whether GitHub holds this text already. It may give lines another end than they had. */
export const sameText = (held: string, text: string): boolean => plain(held) === plain(text)

const plain = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd()

/** The beginning of a text, never half of a character. */
export const cutTo = (limit: number, text: string): string => text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '')
