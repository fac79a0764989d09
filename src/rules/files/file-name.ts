// Names that do not follow the folder's convention.
import type { Misnamed, Naming, ToolFacts } from '../../model/tool.js'
import { filesOf } from '../../model/migration.js'
import type { ChangeInput, Rule, RuleFinding } from '../rule.js'
import { shellWord } from '../../model/shell-quote.js'
import { problemsOf } from '../read-input.js'
import { ADD_PHONE } from '../samples.js'

const WHY =
  'Tools sort and pair files by name. A file with another style of name is skipped, runs in the wrong order or misses its other half.'

export const fileName: Rule = {
  id: 'file-name',
  title: 'File names follow the convention of their folder',
  level: 'error',
  why: `${WHY} A new folder must follow \`^[0-9]{5}_[a-z_]+\\.(up|down)\\.sql$\` (pairs) or the tool's own rule. A folder that clearly follows another convention must keep to that one. A pattern under naming in migration-gate.yml overrides both.`,
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
    const misnamed = input.tool.naming.judge(input, pattern).filter(({ wrong }) => wrong === 'name')
    return [
      ...problemsOf(input, 'file-name'),
      ...misnamed.map((name) => withBranch(finding(input.tool, name), input.change)),
    ]
  },
}

/** A file of the base branch may be edited here, and gets a finding then. Another rule is about renaming it. */
function withBranch(found: RuleFinding, change: ChangeInput | undefined): RuleFinding {
  const file = found.place?.file
  const isMerged = change?.base.some((migration) => filesOf(migration).some((one) => one === file)) === true
  if (!isMerged) return found
  return {
    ...found,
    fix: `${found.fix}\nIt is merged (in ${change.branch}) under this name: rename it only while no database has applied it.`,
  }
}

const finding = ({ naming }: ToolFacts, name: Misnamed): RuleFinding => ({
  migration: name.migration,
  place: { file: name.file, line: 1, column: 1 },
  message: `${naming.named === 'folder' ? 'folder' : 'file'} name ${name.base} does not follow the convention; it should be ${name.right ?? name.wanted}`,
  why: WHY,
  fix: renameFix(naming, name),
})

/** What the history table of the tool holds decides whether an applied file may be renamed. */
function renameFix(naming: Naming, name: Misnamed): string {
  if (name.right === undefined) {
    const rename = `Rename it to ${name.wanted}.`
    return name.version === 'same'
      ? withCaution(rename, naming.knownBy(name.file))
      : `${rename}\nOnly while no database has applied it: the new name is another version, at another place in the order.`
  }
  const parent = name.file
    .split('/')
    .slice(0, naming.named === 'folder' ? -2 : -1)
    .join('/')
  const path = (base: string): string => shellWord(parent === '' ? base : `${parent}/${base}`)
  const rename = /[<> ]/.test(name.right)
    ? `Rename it to ${name.right}.`
    : `git mv ${path(name.base)} ${path(name.right)}`
  return withCaution(rename, naming.knownBy(name.file))
}

const withCaution = (rename: string, known: string | undefined): string =>
  known === undefined ? rename : `${rename}\nOnly while no database has applied it: ${known}.`
