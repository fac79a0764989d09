// Triggers, rules and policies.
import type { CatalogueObject } from '../snapshot.js'
import { lastPart, parentOf } from './names.js'
import { find, isFresh, isInherited, keyOf, ofKind, text, texts, type Pair, type Work } from './model.js'
import { RANK, step, type Step } from './step.js'

type Kind = {
  readonly kind: 'trigger' | 'rule' | 'policy'
  readonly drop: number
  readonly make: number
  readonly sql: (object: CatalogueObject) => string
}

const KINDS: readonly Kind[] = [
  { kind: 'trigger', drop: RANK.dropTrigger, make: RANK.makeTrigger, sql: (one) => text(one, 'def') ?? '' },
  {
    kind: 'rule',
    drop: RANK.dropRule,
    make: RANK.makeRule,
    sql: (one) => (text(one, 'def') ?? '').replace(/;\s*$/, ''),
  },
  { kind: 'policy', drop: RANK.dropPolicy, make: RANK.makePolicy, sql: policySql },
]

export const logicSteps = (work: Work, pair: Pair): readonly Step[] =>
  KINDS.flatMap((kind) => stepsOf(work, pair, kind))

function stepsOf(work: Work, pair: Pair, { kind, drop, make, sql }: Kind): readonly Step[] {
  const goals = ofKind(pair.goal, kind).filter((one) => !isInherited(one))
  const heres = pair.fate === 'kept' ? ofKind(pair.here, kind).filter((one) => !isInherited(one)) : []
  const gone = heres.filter((one) => work.rebuilt.has(keyOf(one)) || find(pair.goal, one) === undefined)
  return [
    ...gone.map((one) =>
      step(drop, `DROP ${kind.toUpperCase()} ${lastPart(one.identity)} ON ${parentOf(one.identity)}`, {
        frees: sql(one),
      }),
    ),
    ...goals.filter((one) => isFresh(work, pair, one)).map((one) => step(make, sql(one), { needs: sql(one) })),
    ...goals.flatMap((one) => enabling(one, isFresh(work, pair, one) ? undefined : find(pair.here, one))),
  ]
}

/** pg_trigger.tgenabled and pg_rewrite.ev_enabled; an absent key means `O`, enabled. */
const ENABLED: Readonly<Record<string, string>> = { O: 'ENABLE', D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' }

function enabling(goal: CatalogueObject, here: CatalogueObject | undefined): readonly Step[] {
  const wanted = text(goal, 'enabled') ?? 'O'
  const now = text(here, 'enabled') ?? 'O'
  if (wanted === now || goal.kind === 'policy') return []
  const words = `${ENABLED[wanted] ?? 'ENABLE'} ${goal.kind.toUpperCase()} ${lastPart(goal.identity)}`
  return [step(RANK.flags, `ALTER TABLE ${parentOf(goal.identity)} ${words}`)]
}

/** pg_policy.polcmd */
const COMMANDS: Readonly<Record<string, string>> = { r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE', '*': 'ALL' }

function policySql(policy: CatalogueObject): string {
  const using = text(policy, 'using')
  const check = text(policy, 'check')
  return [
    `CREATE POLICY ${lastPart(policy.identity)} ON ${parentOf(policy.identity)}`,
    ...(policy.definition['permissive'] === false ? ['AS RESTRICTIVE'] : []),
    `FOR ${COMMANDS[text(policy, 'command') ?? '*'] ?? 'ALL'}`,
    `TO ${texts(policy, 'roles').join(', ')}`,
    ...(using === undefined ? [] : [`USING (${using})`]),
    ...(check === undefined ? [] : [`WITH CHECK (${check})`]),
  ].join(' ')
}
