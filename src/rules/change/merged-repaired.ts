// A merged migration whose name was broken has a good one: what that means for databases that have applied it.
import { numberOf } from '../../model/change.js'
import type { Migration } from '../../model/migration.js'
import { filesOf } from '../../model/migration.js'
import { firstFew } from '../../model/list-words.js'
import type { ChangeInput, Rule, RuleFinding, RuleInput } from '../rule.js'
import { runOnChange, firstPlace } from './merged.js'
import { FAX_AFTER_PHONE } from '../samples.js'
import { loneDownsGone, repairedIn, type Repaired } from './repaired.js'

const WHY =
  'The old name was broken by the rules of the tool itself, so the change is right. A database that applied the migration under its old name does not know the new one.'

export const mergedRepaired: Rule = {
  id: 'merged-repaired',
  title: 'A merged migration with a broken name gets a good one',
  level: 'note',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql, as merged
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql, as merged
ALTER TABLE users DROP COLUMN phone;
-- 00002_add_fax.up.sql, merged and deleted here
ALTER TABLE users ADD COLUMN fax text;
-- 00002_add_fax.down.sql, merged and deleted here
ALTER TABLE users DROP COLUMN fax;
-- 00003_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00003_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  good: FAX_AFTER_PHONE,
  run: runOnChange((change, input) => {
    const repaired = repairedIn(input)
    const follows = repaired.flatMap(({ broken, edited }) => (broken === 'follows' ? [edited] : []))
    const [first, ...others] = repaired.filter(({ broken }) => broken !== 'follows')
    return [
      ...(first === undefined ? [] : [finding(first, follows, change, input)]),
      ...others.map((one) => finding(one, [], change, input)),
      ...loneDownsGone(change, input).map((gone) => halfGone(gone, change, input)),
    ]
  }),
}

function finding(
  repaired: Repaired,
  follows: readonly Repaired['edited'][],
  { branch }: ChangeInput,
  input: RuleInput,
): RuleFinding {
  const { now, before, up, down } = repaired.edited
  const more = up === undefined && down === undefined ? '' : ', and its text has changed too'
  const behind = follows.map((one) => `${one.before.id} is ${one.now.id}`)
  const moved = behind.length === 0 ? '' : `; what came after it moved with it: ${firstFew(behind)}`
  return {
    migration: now.id,
    place: firstPlace(now),
    message: `${before.id} is ${now.id} now${more}, which is right: ${faultOf(repaired, branch)}${moved}`,
    why: repaired.broken === 'twin' ? repaired.why : WHY,
    fix: adviceFor(repaired, follows, input),
  }
}

function faultOf(repaired: Repaired, branch: string): string {
  const { before } = repaired.edited
  if (repaired.broken === 'twin') {
    return `in ${branch} it shared version ${numberOf(before)} with ${firstFew(repaired.twins.map(({ id }) => id))}`
  }
  return `in ${branch} its name did not follow the convention of the folder, and its version is the same`
}

/** What to do, and where: only the tables of live databases know whether it was applied. */
function adviceFor(repaired: Repaired, follows: readonly Repaired['edited'][], { tool }: RuleInput): string {
  const { now, before } = repaired.edited
  if (repaired.broken === 'style') {
    return 'Nothing to do: a tool that knows migrations by their version sees no difference. One that knows them by their whole name (node-pg-migrate, morph) would run it again.'
  }
  const twin = repaired.broken === 'twin' ? repaired.twins[0]?.id : undefined
  const later = [...follows].toReversed().map((one) => advice(one.now, one.before, undefined))
  return [`Nothing to do where no database has applied ${before.id}.`, ...later, advice(now, before, twin)].join('\n')

  function advice(after: Migration, old: Migration, other: string | undefined): string {
    return `Where one has applied ${old.id} (what it makes is there): ${tool.records.renamed({ before: old, now: after, twin: other })}`
  }
}

/** A down without an up was never run by itself. */
function halfGone(gone: Migration, { branch, base }: ChangeInput, { tool }: RuleInput): RuleFinding {
  const at = base.findIndex(({ id }) => id === gone.id)
  const before = base[at - 1]
  const counts = `golang-migrate counts such a version: where schema_migrations says ${numberOf(gone)}, migrate force ${before === undefined ? '-1' : numberOf(before)}.`
  return {
    migration: undefined,
    place: undefined,
    message: `${filesOf(gone)[0] ?? gone.id} is gone, which is right: in ${branch} it was a down without an up`,
    why: WHY,
    fix: tool.records.countsLoneDowns ? counts : 'Nothing to do.',
  }
}
