// Roles: seen only where the server belongs to the chain alone.
import { ROLE_FLAGS } from '../describe/cluster.js'
import type { CatalogueObject } from '../snapshot.js'
import { texts } from './model.js'
import { RANK, step, type Step } from './step.js'

/** What CREATE ROLE gives when nothing is said. */
const USUAL: Readonly<Record<string, boolean>> = { rolinherit: true }

export function roleSteps(goal: CatalogueObject | undefined, here: CatalogueObject | undefined): readonly Step[] {
  if (goal === undefined) return here === undefined ? [] : [step(RANK.role, `DROP ROLE ${here.identity}`)]
  const words = Object.entries(ROLE_FLAGS).flatMap(([key, word]) => {
    const wanted = goal.definition[key] === true
    const now = here === undefined ? USUAL[key] === true : here.definition[key] === true
    return wanted === now ? [] : [wanted ? word : `NO${word}`]
  })
  const limit = goal.definition['rolconnlimit']
  if (typeof limit === 'number' && limit !== (here?.definition['rolconnlimit'] ?? -1))
    words.push(`CONNECTION LIMIT ${limit}`)
  const verb = here === undefined ? 'CREATE' : 'ALTER'
  const note =
    here === undefined
      ? `The role ${goal.identity} comes back without its password, and without what it owned or was granted elsewhere.`
      : undefined
  return [
    ...(here === undefined || words.length > 0
      ? [step(RANK.makeSchema, [`${verb} ROLE ${goal.identity}`, ...words].join(' '), { note })]
      : []),
    ...memberships(goal, here),
  ]
}

function memberships(goal: CatalogueObject, here: CatalogueObject | undefined): readonly Step[] {
  const wanted = texts(goal, 'member_of')
  const now = texts(here, 'member_of')
  const option = ' with admin option'
  const group = (text: string): string => (text.endsWith(option) ? text.slice(0, -option.length) : text)
  return [
    ...now
      .filter((one) => !wanted.includes(one))
      .map((one) => step(RANK.grants, `REVOKE ${group(one)} FROM ${goal.identity}`)),
    ...wanted
      .filter((one) => !now.includes(one))
      .map((one) =>
        step(RANK.grants, `GRANT ${group(one)} TO ${goal.identity}${one.endsWith(option) ? ' WITH ADMIN OPTION' : ''}`),
      ),
  ]
}
