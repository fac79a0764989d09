// Scripts that wait for a lock without a limit: one note for all of a database.
import { makesWait } from '../../impact/judge/lock-words.js'
import { countedOf, relationNamed } from '../../impact/judge/sizes.js'
import type { Hold, Impact, RelationKind } from '../../impact/facts.js'
import { startIn } from '../read-input.js'
import type { Rule, RuleFinding, RuleInput } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'

const WHY =
  'While the script waits for its lock, every client that comes later waits behind it. One long query or forgotten transaction is then enough to stop all of them, for as long as it lasts.'

const FIX =
  "Write SET LOCAL lock_timeout = '5s'; as the first statement (SET lock_timeout where the script has no transaction), and run it again if it gives up. The commands up, deploy and rollback set a lock_timeout themselves and try again: with them there is nothing to do."

export const noLockTimeout: Rule = {
  id: 'no-lock-timeout',
  title: 'A script does not wait for a lock without a limit',
  level: 'note',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_phone.up.sql
ALTER TABLE orders ADD COLUMN phone text;
-- 00002_phone.down.sql
ALTER TABLE orders DROP COLUMN phone;`,
  good: `${MERGED_ORDERS}
-- 00002_phone.up.sql
SET LOCAL lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN phone text;
-- 00002_phone.down.sql
ALTER TABLE orders DROP COLUMN phone;`,
  run,
}

/** The first such up of the change, with the number of the others. */
function run({ report, ...input }: RuleInput): readonly RuleFinding[] {
  const touched = report.migrations.filter((migration) => migration.touched !== undefined)
  const judged = touched.length > 0 ? touched : report.migrations
  const impacts = new Map(judged.map(({ id, impact }) => [id, impact?.up]))
  const [first, ...others] = input.migrations.flatMap((migration) => {
    const impact = impacts.get(migration.id)
    const hold = impact && waitedFor(impact)
    return impact === undefined || hold === undefined ? [] : [{ migration, impact, hold }]
  })
  if (first === undefined) return []
  const { migration, impact, hold } = first
  const said = `${hold.relation}: waits for its ${hold.mode} lock without a lock_timeout`
  const more =
    others.length === 0 ? '' : `; so ${others.length === 1 ? 'does' : 'do'} ${countedOf(others.length, 'other script')}`
  return [
    {
      migration: migration.id,
      place: impact.statements.find(({ number }) => number === hold.from)?.place ?? startIn(migration, 'up'),
      message: `${said}${more}`,
      why: WHY,
      fix: FIX,
    },
  ]
}

/** The first lock on a relation with rows that stops its clients, and that the script waits for without a limit. */
const waitedFor = (impact: Impact): Hold | undefined =>
  impact.lockTimeout
    ? undefined
    : impact.holds
        .filter(({ relation, kind, mode }) => {
          const known = relationNamed(impact, relation)
          return !PASSIVE.has(kind) && makesWait(mode, kind) && known !== undefined && known.rows > 0
        })
        .toSorted((a, b) => a.from - b.from)[0]

/** No client names an index, and a sequence has no rows. */
const PASSIVE: ReadonlySet<RelationKind> = new Set<RelationKind>(['index', 'sequence'])
