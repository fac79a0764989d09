// What a step loses, as phrases shared by every output format.
import { isLoss, type Loss } from '../../catalog/data-loss.js'
import { count, counted } from './format.js'
import { oneLine } from './escape.js'

/** Up to this many losses of a step are listed; more are counted. */
const MOST_LOSSES = 8

export const withoutPublic = (name: string): string => name.replace(/^public\./, '')

/** The losses of a step; what was not counted comes last. Empty where there is none. */
export function lossesPhrase(losses: readonly Loss[]): string {
  const real = losses.filter(isLoss)
  const isOpen = (loss: Loss): boolean => loss.rows === undefined && loss.values === undefined
  const sorted = [...real.filter((one) => !isOpen(one)), ...real.filter(isOpen)]
  const shown = sorted.slice(0, MOST_LOSSES).map(lossText)
  const more = sorted.length - shown.length
  return oneLine([...shown, ...(more > 0 ? [`and ${count(more)} more`] : [])].join('; '))
}

const notCounted = ({ why }: Loss): string => `(not counted${why === undefined ? '' : `: ${why}`})`

function lossText(loss: Loss): string {
  if (loss.kind === 'code') return `whatever ${loss.code} changes (${loss.why ?? 'not looked into'})`
  const table = withoutPublic(loss.table)
  const { rows, values } = loss
  switch (loss.kind) {
    case 'table':
      return rows === undefined ? `all rows of ${table} ${notCounted(loss)}` : `${counted(rows, 'row')} of ${table}`
    case 'column': {
      const column = `${table}.${loss.column}`
      if (values === undefined || rows === undefined) return `all values of ${column} ${notCounted(loss)}`
      return `${counted(values, 'value')} of ${column} in ${counted(rows, 'row')}`
    }
    case 'type': {
      const change = `from ${withoutPublic(loss.before)} to ${withoutPublic(loss.after)}`
      const column = `${table}.${loss.column}`
      if (values === undefined || rows === undefined) {
        return `values of ${column} that change ${change} ${notCounted(loss)}`
      }
      return `${counted(values, 'value')} of ${column} in ${counted(rows, 'row')}, changed ${change}`
    }
    case 'written':
      return writtenText(loss, table)
  }
}

function writtenText(loss: Extract<Loss, { readonly kind: 'written' }>, table: string): string {
  const { verb, column, rows, values } = loss
  const does = verb === 'code' ? '' : ` that ${verb} ${REMOVES.test(verb) ? 'removes' : 'overwrites'}`
  if (column === undefined) {
    return rows === undefined
      ? `rows of ${table}${does} ${notCounted(loss)}`
      : `${counted(rows, 'row')} of ${table}${does}`
  }
  return values === undefined
    ? `values of ${table}.${column}${does} ${notCounted(loss)}`
    : `${counted(values, 'value')} of ${table}.${column}${does}`
}

const REMOVES = /^(?:DELETE|TRUNCATE(?: CASCADE)?|ON DELETE CASCADE)$/
