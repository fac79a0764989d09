// Reads the messages of a seed's process, which are untrusted.
import type { ScriptFailure } from '../../report/check-report.js'
import type { ModuleCall, ModuleEnd } from '../../ports/modules.js'

export type ModuleMessage =
  | { readonly kind: 'query'; readonly id: number; readonly text: string; readonly values: readonly unknown[] }
  | { readonly kind: 'hash'; readonly id: number; readonly password: unknown }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'end'; readonly absent: boolean; readonly error: ModuleError | undefined }

export type ModuleError = { readonly message: string; readonly stack: string; readonly sqlstate: string }

/** Undefined for messages that our program in that process does not send. */
export function readMessage(raw: unknown): ModuleMessage | undefined {
  const message = fieldsOf(raw)
  const id = typeof message['id'] === 'number' ? message['id'] : -1
  switch (message['kind']) {
    case 'query': {
      const { text, values } = message
      return {
        kind: 'query',
        id,
        text: typeof text === 'string' ? text : '',
        values: Array.isArray(values) ? values : [],
      }
    }
    case 'hash':
      return { kind: 'hash', id, password: message['password'] }
    case 'log':
      return { kind: 'log', line: textOf(message['line']) }
    case 'end':
      return { kind: 'end', absent: message['absent'] === true, error: errorOf(message['error']) }
    default:
      return undefined
  }
}

function errorOf(raw: unknown): ModuleError | undefined {
  if (raw === undefined) return undefined
  const { message, stack, sqlstate } = fieldsOf(raw)
  const state = textOf(sqlstate)
  return { message: textOf(message), stack: textOf(stack), sqlstate: /^[0-9A-Z]{5}$/.test(state) ? state : '' }
}

const textOf = (raw: unknown): string => (typeof raw === 'string' ? raw : '')

const fieldsOf = (raw: unknown): Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null ? { ...raw } : {}

/** The failure, with its place in the module. `error` is missing if the process ended without a message. */
export function failureOf(options: {
  call: Pick<ModuleCall, 'file' | 'direction'>
  url: string
  code: number | undefined
  error: ModuleError | undefined
  hide: (text: string) => string
}): ScriptFailure {
  const { call, url, code, error, hide } = options
  const silent =
    code === 0 || code === undefined
      ? `its process ended before ${call.direction}: it awaits a promise that never resolves`
      : `its process ended with exit code ${code} before ${call.direction} finished`
  return {
    direction: call.direction,
    sqlstate: error?.sqlstate ?? '',
    message: error === undefined ? silent : hide(error.message) || 'it threw an error without a message',
    detail: undefined,
    hint: undefined,
    place: placeIn(call.file, url, error?.stack ?? ''),
    // A line of code may contain a secret.
    line: undefined,
    environment: undefined,
  }
}

/** The topmost stack frame in the module, or its first line if there is none. */
function placeIn(file: string, url: string, stack: string): ScriptFailure['place'] {
  const at = stack.indexOf(`${url}:`)
  const [, line = '1', column = '1'] = /^(\d+)(?::(\d+))?/.exec(at < 0 ? '' : stack.slice(at + url.length + 1)) ?? []
  return { file, line: Number(line), column: Number(column) }
}

/** Node removes the types of a module itself from 22.18 and 23.6 on (nodejs.org, Modules: TypeScript). */
export const needsNewerNode = ({ file, direction }: ModuleCall, version: string): ModuleEnd => ({
  end: 'failed',
  failure: {
    direction,
    sqlstate: '',
    message: `${file} is TypeScript, which Node ${version} cannot run`,
    detail: undefined,
    hint: 'Run with Node 22.18 or later, or write the seed as .mjs.',
    place: { file, line: 1, column: 1 },
    line: undefined,
    environment: `Node ${version} cannot run TypeScript`,
  },
})
