// Ups that the server refuses, and those that fail only because another up failed and did not make what they need.
import type { Rule, RuleFinding, RuleInput } from '../rule.js'
import { failed, refusesTemplate } from './failures.js'
import { provedOf, type Proved, proofOf } from './proof-results.js'
import type { Migration } from '../../model/migration.js'
import type { ScriptFailure } from '../../report/check-report.js'
import { withoutComments } from '../../sql/statements.js'
import { statementsOf } from '../read-input.js'
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
    const follows = followsOf(input)
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
      const root = follows.get(migration.id)
      const reason = root === undefined ? proof.reason : `follows from ${root}, whose up failed`
      return following(failed({ input, migration, failure: proof.failure, what: many, why: WHY, reason }), root)
    })
  },
}

/** In the words of PostgreSQL (relation, schema and type are looked up by name: parse_relation.c, namespace.c, parse_type.c). */
const MISSING = /^(relation|schema|type) "(.+)" does not exist$/

const NAME = String.raw`((?:"(?:[^"]|"")+"|[\w$\u0080-\uffff]+)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[\w$\u0080-\uffff]+))?)`
const MAKES = new RegExp(
  String.raw`^create\s+(?:or\s+replace\s+)?(?:(?:unlogged|foreign|materialized|recursive)\s+)*(table|view|sequence|schema|type|domain)\s+(?:if\s+not\s+exists\s+)?${NAME}(?![\w$."])`,
  'i',
)
const KINDS: Readonly<Record<string, string>> = { schema: 'schema', type: 'type', domain: 'type' }

/**
 * By id of a migration whose up failed, the earlier failed migration that explains it. Only where it misses a name that
 * the script of the earlier one makes, and that no script that ran makes.
 */
function followsOf(input: RuleInput): ReadonlyMap<string, string> {
  const follows = new Map<string, string>()
  if (!input.report.migrations.some(({ proof }) => proof?.up === 'failed')) return follows
  const ran = new Set<string>()
  const failed = new Map<string, string>()
  for (const migration of input.migrations) {
    const proof = proofOf(input, migration.id)
    const made = madeBy(migration)
    if (proof?.up !== 'failed') {
      for (const name of made) ran.add(name)
      continue
    }
    const missing = missingIn(proof.failure)
    const maker = missing === undefined || ran.has(missing) ? undefined : failed.get(missing)
    if (maker !== undefined) follows.set(migration.id, follows.get(maker) ?? maker)
    for (const name of made) if (!failed.has(name)) failed.set(name, proof.toldAt ?? migration.id)
  }
  return follows
}

/** The findings, marked as following from the migration `root`. */
const following = (findings: readonly RuleFinding[], root: string | undefined): readonly RuleFinding[] =>
  root === undefined ? findings : findings.map((one) => ({ ...one, follows: root }))

/** The kind and the name of the object that a failed up misses, such as `relation users`. */
function missingIn(failure: ScriptFailure | undefined): string | undefined {
  const [, kind, name = ''] = MISSING.exec(failure?.message ?? '') ?? []
  return failure?.direction === 'up' && kind !== undefined ? `${kind} ${name.replace(/^public\./, '')}` : undefined
}

/** The objects that an up makes, in the words of `missingIn`. */
const madeBy = ({ up }: Migration): readonly string[] =>
  up === undefined
    ? []
    : statementsOf(up).flatMap(({ statement }) => {
        const [, what, name = ''] = MAKES.exec(withoutComments(statement.text).trim()) ?? []
        const kind = what === undefined ? undefined : (KINDS[what.toLowerCase()] ?? 'relation')
        return kind === undefined ? [] : [`${kind} ${plainName(name).replace(/^public\./, '')}`]
      })

/** As the server writes a name: folded where it is not quoted, and never in quotes. */
const plainName = (name: string): string =>
  [...name.matchAll(/"((?:[^"]|"")+)"|[^\s."]+/g)]
    .map(([word, quoted]) => quoted?.replaceAll('""', '"') ?? word.toLowerCase())
    .join('.')
