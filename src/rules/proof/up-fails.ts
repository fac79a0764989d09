// Ups that the server refuses.
import type { Rule } from '../rule.js'
import { failed, refusesTemplate } from './failures.js'
import { provedOf, type Proved } from './proof-results.js'
import { ADD_PHONE } from '../samples.js'

const WHY = 'The deploy stops here, and everything after it waits.'

export const upFails: Rule = {
  id: 'up-fails',
  title: 'The up runs',
  level: 'error',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql
ALTER TABLE user ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  good: ADD_PHONE,
  run: (input) => {
    const broken = provedOf(input).filter(({ proof }) => proof.up === 'failed')
    const isTemplate = ({ migration, proof: { failure } }: Proved): boolean =>
      failure !== undefined && refusesTemplate(migration, failure)
    const templates = broken.filter(isTemplate)
    const [first, second] = templates
    const reported = second === undefined ? broken : broken.filter((proved) => proved === first || !isTemplate(proved))
    return reported.flatMap((proved) => {
      const { migration, proof } = proved
      const many =
        proved === first && second !== undefined ? `${templates.length} ups are templates and fail` : 'up fails'
      return failed({ input, migration, failure: proof.failure, what: many, why: WHY, reason: proof.reason })
    })
  },
}
