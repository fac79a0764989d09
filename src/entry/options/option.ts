// The type of an option, and the allowed values of choices.
import type { Command } from './commands.js'

/**
 * `text`, `number`, `duration`, `flag` (true or false) and `choice` hold one value. `list` holds several, separated by commas
 * or new lines; `lines` holds several, one per line. `without` is the value of `--no-<name>`. `commands` are the commands
 * with the option; without it, all have it.
 */
export type Option = {
  readonly name: string
  readonly kind: 'text' | 'number' | 'duration' | 'flag' | 'choice' | 'list' | 'lines'
  readonly about: string
  readonly default: string
  readonly choices?: readonly string[]
  readonly placeholder?: string
  readonly without?: string
  readonly short?: string
  readonly commands?: readonly Command[]
}

/** Whether a command has the option. */
export const isOptionOf = (option: Option, command: Command): boolean => option.commands?.includes(command) ?? true

/** Only `check` has these formats, because they are about findings in files. */
export const CHECK_FORMATS = ['sarif', 'html'] as const
export const FORMATS = ['text', 'json', 'markdown', 'annotations', 'comment', ...CHECK_FORMATS] as const
export type Format = (typeof FORMATS)[number]

export const IMPACTS = ['measured', 'facts', 'none'] as const

export const PROOFS = ['guided', 'none'] as const
export const UNITS = ['each', 'range', 'chain'] as const
export const SCOPES = ['changed', 'all'] as const
export const FAIL_LEVELS = ['error', 'warning'] as const
export const COLOURS = ['auto', 'always', 'never'] as const
export const BACKUPS = ['dump', 'external', 'none'] as const
export const BACKUP_PROOFS = ['read', 'restore'] as const
