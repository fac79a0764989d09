// A migration that others have applied has another name or version.
import { numberOf, sameNumber } from '../../model/change.js'
import type { Rule } from '../rule.js'
import { runOnChange, firstPlace } from './merged.js'
import { addColumn } from '../samples.js'

const WHY =
  'Tools know a migration by its version, some by its whole name. Databases that have applied it would run it a second time, or report that an applied migration is missing.'

export const mergedRenamed: Rule = {
  id: 'merged-renamed',
  title: 'A merged migration keeps its name',
  level: 'error',
  why: WHY,
  bad: `${addColumn('00002', 'phone', 'merged and deleted here')}
${addColumn('00003', 'phone')}`,
  good: `${addColumn('00002', 'phone', 'as merged')}
${addColumn('00003', 'fax')}`,
  run: runOnChange(({ renamed, branch }) =>
    renamed.map(({ now, before, up, down }) => {
      const what = sameNumber(now, before) ? 'name' : 'version'
      const more = up === undefined && down === undefined ? '' : ', and its text has changed too'
      return {
        migration: now.id,
        place: firstPlace(now),
        message: `${before.id} is merged (in ${branch}), and its ${what} is ${what === 'name' ? now.id : numberOf(now)} now${more}`,
        why: WHY,
        fix: `Restore its name: ${before.id}.`,
      }
    }),
  ),
}
