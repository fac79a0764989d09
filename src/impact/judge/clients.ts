// What the application notices: statements that fail or answer otherwise, and rights that it did not have.
import { firstFew } from '../../model/list-words.js'
import type { Broken, Impact } from '../facts.js'
import type { Effect } from './effect.js'
import { groupedBy } from './grouped.js'
import { statementThatTook } from './rows.js'
import { levelFor, type Judging } from './sizes.js'

/** Statements of clients that the server refuses from now on, one effect for each relation, whatever rows it has. */
export const brokenClients = (judging: Judging): readonly Effect[] =>
  byRelation(judging.impact.broken.filter((one) => !isOfLostRows(judging.impact, one) && !isOfGonePartition(one))).map(
    ([relation, own]) => ({
      rule: 'breaks-clients',
      relations: relation === '' ? [] : [relation],
      said: `the server refuses what it took before: ${firstFew(reasons(own), '; ')}`,
      brief: `${firstFew([...new Set(own.map(kindOf))])} fail`,
      statement: statementThatTook(judging.impact, relation),
    }),
  )

/** A row that refers to one that the script removes is about that loss. */
const isOfLostRows = ({ lost }: Impact, { relation, sqlstate }: Broken): boolean =>
  sqlstate === FOREIGN_KEY_VIOLATION && lost.some((one) => one.what === 'rows' && one.relation !== relation)

/** Rows of a partition that the script detaches or drops, which is the finding (PostgreSQL, ExecFindPartition). */
const isOfGonePartition = ({ sqlstate, message }: Broken): boolean =>
  sqlstate === '23514' && message.startsWith('no partition of relation')

const FOREIGN_KEY_VIOLATION = '23503'

/** `select, insert: a column that they name is gone (42703)`. */
const reasons = (broken: readonly Broken[]): readonly string[] =>
  groupedBy(broken, ({ sqlstate, role }) => JSON.stringify([sqlstate, role])).map(([, own]) => {
    const [first] = own
    const kinds = [...new Set(own.map(kindOf))].join(', ')
    const of = first.role === undefined ? '' : ` by ${first.role}`
    return `${kinds}${of}: ${refusal(first)} (SQLSTATE ${first.sqlstate})`
  })

/** The words without the relation, which the finding names already. */
const kindOf = ({ client, relation }: Pick<Broken, 'client' | 'relation'>): string =>
  relation !== undefined && client.endsWith(` ${relation}`) ? client.slice(0, -relation.length - 1) : client

/** Messages of these classes hold names alone (PostgreSQL, appendix A): syntax and access, integrity. */
const NAMES_ALONE = /^(?:42|23)/

const refusal = ({ sqlstate, message }: Broken): string =>
  REFUSALS[sqlstate] ?? (NAMES_ALONE.test(sqlstate) ? oneLine(message) : 'the server refuses the values')

const REFUSALS: Readonly<Record<string, string>> = {
  '22001': 'the value is too long now',
  '22003': 'the value is out of range now',
  '22P02': 'the value has another form now',
  '55000': 'it takes no rows now',
  P0001: 'a trigger refuses it',
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** Statements that the server takes as before, with another result. */
export const changedAnswers = (judging: Judging): readonly Effect[] =>
  byRelation(judging.impact.answers).map(([relation, own]) => ({
    rule: 'changes-clients',
    relations: relation === '' ? [] : [relation],
    said: `clients get another result: ${firstFew([...new Set(own.map((one) => `${kindOf(one)}: ${oneLine(one.what)}`))], '; ')}`,
    statement: statementThatTook(judging.impact, relation),
    atMost: relation === '' ? undefined : levelFor(judging, relation),
  }))

/** Rights that were not there before. One that a role was given by name is a note: it is what a GRANT is for. */
export const openedAccess = (judging: Judging): readonly Effect[] =>
  byRelation(judging.impact.access).map(([relation, own]) => ({
    rule: 'opens-access',
    relations: relation === '' ? [] : [relation],
    said: `allowed now, refused before: ${firstFew([...new Set(own.map(({ what }) => oneLine(what)))], '; ')}`,
    statement: statementThatTook(judging.impact, relation),
    ...(own.every(({ role }) => role !== undefined) && { atMost: 'note' as const }),
  }))

const byRelation = <F extends { readonly relation?: string }>(facts: readonly F[]): ReturnType<typeof groupedBy<F>> =>
  groupedBy(facts, ({ relation = '' }) => relation)
