// A search_path that an earlier script leaves behind, as for a tool that runs all of them in one session.
import { withoutComments } from '../core/sql.js'
import type { Subject } from './check.js'

/** SET without LOCAL, and set_config whose third argument is not true, hold for the session (PostgreSQL, "SET"). */
const SETS_PATH =
  /^\s*set\s+(?:session\s+)?search_path\b|\bset_config\s*\(\s*'search_path'\s*,[^()]*,\s*'?(?:false|f)\b/im

/** A sentence that names the newest such script before the one in this file; undefined where there is none. */
export function sharedSessionFix(subject: Subject, file: string | undefined): string | undefined {
  const at = subject.migrations.findIndex(({ up }) => up !== undefined && up.file === file)
  const setter = subject.migrations
    .slice(0, Math.max(0, at))
    .findLast(({ up }) => up?.messages.some(({ text }) => SETS_PATH.test(withoutComments(text))) === true)
  return setter === undefined
    ? undefined
    : `Or ${setter.id} sets the search_path that this needs: for a tool that runs all in one session, say session: shared for the database in migration-gate.yml.`
}
