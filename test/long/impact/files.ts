// A case as files of goose: what is on the base branch, and the migration that a change adds.
import type { Case } from './case.js'

type Files = Readonly<Record<string, string>>

const folderOf = ({ name }: Case): string => `migrations/${name}`

/** The migration's file is the second one, as reports name it. */
export const JUDGED = '00002_judged'

export const baseFiles = (each: Case): Files => ({
  [`${folderOf(each)}/00001_base.sql`]: `-- +goose Up\n${each.base.map(statement).join('\n')}`,
})

export const changedFiles = (each: Case): Files => ({
  [`${folderOf(each)}/${JUDGED}.sql`]: [
    ...(each.transaction === false ? ['-- +goose NO TRANSACTION\n'] : []),
    `-- +goose Up\n${each.up.map(statement).join('\n')}`,
    ...(each.down === undefined ? [] : [`\n-- +goose Down\n${each.down.map(statement).join('\n')}`]),
  ].join(''),
})

/** goose ends a statement at each semicolon at the end of a line, but for those in a block. */
const statement = (sql: string): string =>
  sql.includes(';') ? `-- +goose StatementBegin\n${sql};\n-- +goose StatementEnd\n` : `${sql};\n`
