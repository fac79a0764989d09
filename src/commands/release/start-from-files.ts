// The state that a plan's steps start from: what the files of the applied migrations make, where they make it.
import { UserError } from '../../model/errors.js'
import { firstFew } from '../../model/list-words.js'
import { latestRows } from '../../state/journal.js'
import { orderOf } from '../../model/file-order.js'
import { withSubstitute } from '../../model/migration.js'
import { versionKey } from '../../model/version.js'
import { copyOfLive } from './start-from-live.js'
import type { Opened, Stand } from '../live/connect.js'
import type { Preparing } from './prepare.js'
import type { Ground } from './dry-run.js'
import type { World } from '../shared/context.js'

/**
 * Files that cannot make it (code, a file that is gone and needed, one that fails by now) give way to a copy of the live
 * structure, which then cannot be compared with them.
 */
export const groundOfFiles =
  (world: World): Preparing['ground'] =>
  async (opened, stand, plan) => {
    const { read } = opened
    const applied = stand.standing.applied.map(({ migration }) => withSubstitute(migration, read.standIns))
    const copy = (why: string): Promise<Ground> =>
      copyOfLive(world)(opened, stand, plan).then(
        (ground) => ({
          ...ground,
          notes: [
            `${why}, so the steps were tried on a copy of the live structure; whether that has drifted is unknown`,
          ],
        }),
        (error: unknown) => {
          if (!(error instanceof UserError)) throw error
          return { unknown: `${why}, and the live structure cannot be copied: ${error.message}` }
        },
      )
    const code = applied.filter(({ up }) => up === undefined).map(({ id }) => id)
    const gone = [...new Set([...stand.standing.missing.map(({ key }) => key), ...goneByJournal(opened, stand)])]
    if (code.length > 0) return copy(`what ${firstFew(code)} did is in no SQL file`)
    const files = { setup: read.setup, before: applied.flatMap(({ up }) => up ?? []), copy: false, notes: [] } as const
    // Old files that were joined into one are gone, too, and nothing is missing then.
    return gone.length === 0
      ? { ...files, otherwise: () => copy('a migration that is applied fails on the scratch server') }
      : {
          ...files,
          short: true,
          otherwise: () => copy(`${firstFew(gone)} ${gone.length === 1 ? 'is' : 'are'} applied without a file here`),
        }
  }

/** A tool that keeps one row for all does not tell these. */
function goneByJournal({ read, found }: Opened, { standing, journal }: Stand): readonly string[] {
  const newest = standing.applied.at(-1)?.migration
  if (found.history.late !== 'impossible' || newest === undefined) return []
  const files = new Set(read.schema.migrations.map(({ version }) => versionKey(version)))
  const order = orderOf(read.schema.layout.name)
  return [...latestRows(journal).values()]
    .filter(({ outcome, direction }) => direction === 'up' && (outcome === 'applied' || outcome === 'recorded'))
    .filter((row) => !files.has(versionKey(row.version)) && order(row, newest) < 0)
    .map(({ version }) => version)
}
