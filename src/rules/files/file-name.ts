// Names that do not follow the folder's convention.
import { numberOf } from '../../model/change.js'
import { filesOf } from '../../model/migration.js'
import type { Misnamed } from '../../model/tool.js'
import { freshIn, stayingIn } from '../change/fresh.js'
import { moveLines, newNumberOf } from '../numbers.js'
import type { Rule, RuleFinding, RuleInput } from '../rule.js'
import { rightFix } from '../right-name.js'
import { ADD_PHONE } from '../samples.js'

const WHY =
  'Tools sort and pair files by name. A file with another style of name is skipped, runs in the wrong order or misses its other half.'

export const fileName: Rule = {
  id: 'file-name',
  title: 'File names follow the convention of their folder',
  level: 'error',
  why: `${WHY} A new folder follows \`^[0-9]{5}_[a-z_]+\\.(up|down)\\.sql$\` (pairs), or names as tools make them: numbers with or without zeros in front, time stamps, \`V1__name.sql\`. From three migrations on, a folder must keep to the convention that most of its names have. A pattern under naming in migration-gate.yml overrides both.`,
  bad: `-- 00001_create_users.up.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- 00001_create_users.down.sql
DROP TABLE users;
-- 2-AddPhone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 2-AddPhone.down.sql
ALTER TABLE users DROP COLUMN phone;
-- 00003_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00003_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  good: `-- 00001_create_users.up.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- 00001_create_users.down.sql
DROP TABLE users;
${ADD_PHONE}`,
  run: (input) => {
    const pattern = input.naming === undefined ? undefined : new RegExp(input.naming)
    const misnamed = input.tool.naming
      .judge(input, pattern)
      .filter((name) => name.wrong === 'name' && !continuesMerged(input, name))
    const ids = [...new Set(misnamed.map(({ migration }) => migration))]
    return [
      ...reported(input),
      ...ids.map((id) =>
        finding(
          input,
          misnamed.filter(({ migration }) => migration === id),
        ),
      ),
    ]
  },
}

/** What the layout found in names. */
const reported = (input: RuleInput): readonly RuleFinding[] =>
  input.problems
    .filter(({ rule }) => rule === 'file-name')
    .map((problem) => {
      const { migration, place, message, why } = problem
      const { fix, moves } = rightFix(input, problem)
      return { migration, place, message, why, fix, same: moves.map(({ from }) => ({ file: from })) }
    })

/** All names of one migration. */
function finding(input: RuleInput, names: readonly Misnamed[]): RuleFinding {
  const [name] = names
  if (name === undefined) throw new Error('a finding about no name')
  const { naming } = input.tool
  return {
    migration: name.migration,
    place: { file: name.file, line: 1, column: 1 },
    message: `${naming.named === 'folder' ? 'folder' : 'file'} name ${name.base} does not follow the convention; it should be ${name.right ?? name.wanted}`,
    why: WHY,
    fix: renameFix(input, names),
  }
}

/** What the history table of the tool holds decides whether an applied file may be renamed. */
function renameFix(input: RuleInput, names: readonly Misnamed[]): string {
  const { naming } = input.tool
  const [first] = names
  const known = first === undefined ? undefined : naming.knownBy(first.file)
  const other = names.find((name) => name.right === undefined)
  if (other?.version === 'other') {
    const migration = input.migrations.find(({ id }) => id === other.migration)
    const moves = migration === undefined ? [] : (newNumberOf(input, migration)?.moves ?? [])
    const rename = moves.length === 0 ? `Rename it to ${other.wanted}.` : moveLines(moves).join('\n')
    return withCaution(input, first, rename, 'the new name is another version, at another place in the order')
  }
  const lines = names.map((name) => {
    if (name.right === undefined) return `Rename it to ${name.wanted}.`
    const parent = name.file
      .split('/')
      .slice(0, naming.named === 'folder' ? -2 : -1)
      .join('/')
    const path = (base: string): string => (parent === '' ? base : `${parent}/${base}`)
    return /[<> ]/.test(name.right)
      ? `Rename it to ${name.right}.`
      : moveLines([{ from: path(name.base), to: path(name.right) }]).join('\n')
  })
  return withCaution(input, first, lines.join('\n'), known)
}

/** What comes after a merged migration of another form can only have that form. */
function continuesMerged(input: RuleInput, name: Misnamed): boolean {
  const newest = stayingIn(input).at(-1)
  const migration = freshIn(input).find(({ id }) => id === name.migration)
  if (newest === undefined || migration === undefined || name.right !== undefined) return false
  const [own, last] = [numberOf(migration), numberOf(newest)].map((version) => version.replaceAll(/\D/g, '').length)
  return own === last && (own ?? 0) >= A_DAY
}

/** From so many digits on, a version is a point in time. */
const A_DAY = 8

/** A file of the base branch may be edited here, and gets a finding then. Another rule is about renaming it. */
function withCaution(
  { change }: RuleInput,
  name: Misnamed | undefined,
  rename: string,
  known: string | undefined,
): string {
  const isMerged = change?.base.some((one) => filesOf(one).some((file) => file === name?.file)) === true
  const why = [
    ...(isMerged ? [`it is merged (in ${change.branch}) under this name`] : []),
    ...(known === undefined ? [] : [known]),
  ]
  return why.length === 0 ? rename : `${rename}\nOnly while no database has applied it: ${why.join(', and ')}.`
}
