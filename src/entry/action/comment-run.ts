// The action's command `comment`: writes the comment on a pull request from the report of another job.
import { readFile, stat } from 'node:fs/promises'
import { UserError } from '../../model/errors.js'
import { readReport } from '../../report/read.js'
import type { Report } from '../../report/check-report.js'
import { describeError } from '../../adapters/host/disk.js'
import type { Forge } from '../../ports/forge.js'
import { renderComment } from '../../render/markdown/comment.js'
import { suggestionsOf } from '../../render/markdown/suggestion.js'
import { commentTargetOf, type CommentTarget } from './event.js'

/** In bytes. The file comes from a job that ran code from a stranger. */
const MOST_BYTES = 64 * 1024 * 1024

/** `url` is the URL of the comment. `why` is the reason if there is none. */
export type Commented = { readonly url: string | undefined; readonly why: string | undefined }

/**
 * The pull request comes from the event, never from the file. A report about an older commit is not posted. Rejects with a
 * UserError for a file that is not a report, and for an event without a pull request.
 */
export async function runComment(options: {
  file: string
  key: string
  forge: Forge
  environment: Readonly<Record<string, string | undefined>>
}): Promise<Commented> {
  const { file, key, forge, environment } = options
  const report = await readFileOf(file)
  const target = await commentTargetOf(environment)
  const known = 'pull' in target ? { found: true as const, number: target.pull } : await forge.pullOf(target)
  if (!known.found) return without(known.why)
  const pull = known.number
  const state = await forge.pull({ number: pull })
  if (!state.found) return without(state.why)
  if (state.head !== target.commit)
    return without('the pull request has a newer commit, and its run writes the comment')
  if (report.change !== undefined && report.change.head !== target.commit) {
    return without(`the report is about ${report.change.head.slice(0, 7)}, not about ${target.commit.slice(0, 7)}`)
  }
  return post({ report, pull, target, key, forge })
}

/** Like `runComment`, for a report of this job. */
export async function post(options: {
  report: Report
  pull: number
  target: Pick<CommentTarget, 'run' | 'url' | 'commit'>
  key: string
  forge: Forge
}): Promise<Commented> {
  const { report, pull, target, key, forge } = options
  const posted = await forge.post({
    pull,
    key,
    run: target.run,
    commit: target.commit,
    suggestions: suggestionsOf(report),
    render: ({ limit, previous }) => renderComment(report, { limit, previous, reportUrl: target.url }),
  })
  return posted.end === 'not posted' ? without(posted.why) : { url: posted.url, why: undefined }
}

const without = (why: string): Commented => ({ url: undefined, why })

async function readFileOf(file: string): Promise<Report> {
  if (file === '') {
    const fix = 'Set the input report to the path of the JSON report.'
    throw new UserError({ kind: 'use', what: 'the command comment needs the report of a check', fix })
  }
  try {
    if ((await stat(file)).size > MOST_BYTES)
      throw new UserError({
        kind: 'use',
        what: `${file} is too large to be a report`,
        fix: 'Use the JSON report of a check.',
      })
    return readReport(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof UserError) throw error
    const fix = 'Use the path from the output report of a check.'
    throw new UserError({ kind: 'use', what: `the report ${file} cannot be read: ${describeError(error)}`, fix })
  }
}
