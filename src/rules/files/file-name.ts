// Names that do not follow the folder's convention.
import type { LayoutName } from '../../model/migration.js'
import type { Rule, RuleFinding, RuleInput } from '../rule.js'
import { conventionOf, namesOf, rightName, strictnessOf, type NameParts } from './naming-convention.js'
import { shellWord } from '../../model/shell-quote.js'
import { problemsOf } from '../read-input.js'

const WHY =
  'Tools sort and pair files by their names: one that is written otherwise is skipped, runs in the wrong order or misses its other half.'

export const fileName: Rule = {
  id: 'file-name',
  title: 'File names follow the convention of their folder',
  level: 'error',
  why: `${WHY} A new folder is held to \`^[0-9]{5}_[a-z_]+\\.(up|down)\\.sql$\` (pairs) or to the tool's own rule; a folder that visibly follows another convention is held to that one. A pattern under naming in migration-gate.yml overrides both.`,
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
-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  run: (input) => [
    ...problemsOf(input, 'file-name'),
    ...(input.naming === undefined ? outliers(input) : unmatched(input, input.naming)),
  ],
}

function outliers(input: RuleInput): readonly RuleFinding[] {
  const names = namesOf(input)
  const convention = conventionOf(names, strictnessOf(input.layout))
  return names
    .filter((name) => !convention.fits(name) || convention.wording(name) === 'wrong')
    .map((name) => said(input.layout, name, rightName(name, convention)))
}

/** Names of migrations against the configured pattern; the whole file name, or the folder's where files have fixed ones. */
function unmatched(input: RuleInput, naming: string): readonly RuleFinding[] {
  const pattern = new RegExp(naming)
  const names = namesOf(input)
  const convention = conventionOf(
    names.filter((name) => pattern.test(name.base)),
    { ...strictnessOf(input.layout), strict: true },
  )
  return names
    .filter((name) => !pattern.test(name.base))
    .map((name) => {
      const right = rightName(name, convention)
      return said(input.layout, name, pattern.test(right) ? right : `a name that matches ${naming}`)
    })
}

function said(layout: LayoutName, name: NameParts, right: string): RuleFinding {
  const what = layout === 'directories' ? 'folder' : 'file'
  const parent = (
    layout === 'directories' ? name.file.split('/').slice(0, -2) : name.file.split('/').slice(0, -1)
  ).join('/')
  const path = (base: string): string => shellWord(parent === '' ? base : `${parent}/${base}`)
  const plain = !/[<> ]/.test(right)
  return {
    migration: name.migration,
    place: { file: name.file, line: 1, column: 1 },
    message: `${what} name ${name.base} does not follow the convention; it should be ${right}`,
    why: WHY,
    fix: `${plain ? `git mv ${path(name.base)} ${path(right)}` : `Rename it to ${right}.`}${caution(layout, name)}`,
  }
}

/** What the history table of the tool holds decides whether an applied file may be renamed. */
function caution(layout: LayoutName, { file }: NameParts): string {
  const key = file.endsWith('/migration.sql') ? KEYS.prisma : KEYS[layout]
  return key === undefined ? '' : `\nOnly while it is applied nowhere: ${key}.`
}

/** Where more than a number counts. */
const KEYS: Readonly<Partial<Record<LayoutName | 'prisma', string>>> = {
  'sql-migrate': 'sql-migrate knows a migration by its file name',
  dbmate: 'dbmate knows a migration by its number as written',
  prisma: 'Prisma knows a migration by the name of its folder',
}
