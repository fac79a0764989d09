// Writes on a pull request: one comment for each key, edited in place, and suggested changes.
import { COMMENT_LIMIT, type Posted, type Posting, type Suggesting } from '../../report/posting.js'
import { cancelled } from '../../model/errors.js'
import { explain, failureOf, isOfGithub, type Client, isOurs, whoAmI, createOnce, everyPage, idOf } from './client.js'
import { memoryOf, sameText, withMemory, type Memory, markerOf } from './comment-body.js'
import { hash } from 'node:crypto'

type Found = { readonly id: number; readonly url: string; readonly memory: Memory }

/** Sizes to try, in bytes: the usual one first, then smaller ones in case GitHub refuses it as too long. */
const LIMITS = [COMMENT_LIMIT, 25_000, 2_000]

/**
 * A comment of a newer run stays. Two runs at the same moment may both find no comment and both write one. So each run looks
 * again: the oldest comment stays with the newest text, and the other run deletes its own. Rejects with a UserError when it
 * is cancelled, and with another error for a bug.
 */
export async function post(client: Client, posting: Posting): Promise<Posted> {
  try {
    const self = await whoAmI(client)
    const posted = await settle(client, posting, self)
    // The comment contains the same lines, so a failed suggestion is no loss.
    if (posted.end === 'posted') await suggest(client, posting, self).catch(unlessBug)
    return posted
  } catch (error) {
    if (client.signal.aborted) throw cancelled({ cause: error })
    if (!isOfGithub(error)) throw error
    return { end: 'not posted', why: explain(error) }
  }
}

const unlessBug = (error: unknown): void => {
  if (!isOfGithub(error)) throw error
}

async function settle(client: Client, posting: Posting, self: string | undefined): Promise<Posted> {
  const before = await findOwn(client, posting, self)
  const newer = before.find((found) => isNewer(found, posting))
  if (newer !== undefined) return { end: 'left alone', url: newer.url }
  const [first] = before
  const previous = first?.memory.state
  const edited = first === undefined ? undefined : await edit(client, posting, first, previous)
  const own = edited ?? (await create(client, posting, self, previous))
  const [oldest = own, ...others] = edited === undefined ? await findOwn(client, posting, self) : before
  let last = own
  // Another run was earlier. Its comment stays, with the text of the newer run.
  if (oldest.id !== own.id) {
    last = isNewer(oldest, posting) ? oldest : ((await edit(client, posting, oldest, previous)) ?? oldest)
  }
  for (const other of others) if (other.id === own.id || !isNewer(other, posting)) await remove(client, other)
  return { end: isNewer(last, posting) ? 'left alone' : 'posted', url: oldest.url }
}

const isNewer = ({ memory }: Found, { run }: Posting): boolean => memory.run > run

/** In order of creation. Only our own comments, because anyone can begin a comment with our marker. */
async function findOwn(
  { rest, paginate, where }: Client,
  { pull, key }: Posting,
  self: string | undefined,
): Promise<readonly Found[]> {
  const about = { ...where, issue_number: pull, per_page: 100 }
  const comments = await everyPage(paginate.iterator(rest.issues.listComments, about), idOf)
  return comments
    .flatMap(({ id, html_url: url, user, body }) => {
      const memory = memoryOf(key, body ?? '')
      return memory === undefined || !isOurs(user, self) ? [] : [{ id, url, memory }]
    })
    .toSorted((a, b) => a.id - b.id)
}

/**
 * Undefined if the comment is gone. GitHub has no conditional edit, so this reads the comment just before and again after the
 * edit. So an older run does not overwrite the text of a newer one.
 */
async function edit(
  client: Client,
  posting: Posting,
  found: Found,
  previous: string | undefined,
): Promise<Found | undefined> {
  const { rest, where } = client
  for (let round = 0; ; round++) {
    const now = await lookAt(client, posting, found)
    if (now === undefined || isNewer(now, posting) || round === 2) return now
    if (round > 0 && now.memory.run === posting.run) return now
    try {
      await fitting(posting, previous, async (body) => {
        if (!sameText(now.body, body)) await rest.issues.updateComment({ ...where, comment_id: found.id, body })
      })
    } catch (error) {
      if (failureOf(error).status === 404) return undefined
      throw error
    }
  }
}

async function lookAt(
  { rest, where }: Client,
  { key }: Posting,
  found: Found,
): Promise<(Found & { readonly body: string }) | undefined> {
  try {
    const { data } = await rest.issues.getComment({ ...where, comment_id: found.id })
    const body = data.body ?? ''
    return { ...found, memory: memoryOf(key, body) ?? found.memory, body }
  } catch (error) {
    if (failureOf(error).status === 404) return undefined
    throw error
  }
}

function create(
  client: Client,
  posting: Posting,
  self: string | undefined,
  previous: string | undefined,
): Promise<Found> {
  const { rest, where } = client
  return createOnce(
    async () => {
      const { data } = await fitting(posting, previous, (body) =>
        rest.issues.createComment({ ...where, issue_number: posting.pull, body }),
      )
      return { id: data.id, url: data.html_url, memory: { run: posting.run, state: '' } }
    },
    async () => (await findOwn(client, posting, self))[0],
  )
}

/** Tries a shorter text if GitHub refuses one as too long. */
async function fitting<T>(
  posting: Posting,
  previous: string | undefined,
  send: (body: string) => Promise<T>,
): Promise<T> {
  for (const [at, limit] of LIMITS.entries()) {
    const { body, state } = posting.render({ limit, previous })
    try {
      return await send(withMemory(posting.key, { run: posting.run, state }, body))
    } catch (error) {
      const { status, message } = failureOf(error)
      if (status !== 422 || !/too long/i.test(message) || at === LIMITS.length - 1) throw error
    }
  }
  throw new Error('no limit to try')
}

async function remove({ rest, where }: Client, { id }: Found): Promise<void> {
  try {
    await rest.issues.deleteComment({ ...where, comment_id: id })
  } catch (error) {
    if (failureOf(error).status !== 404) throw error
  }
}

/**
 * A suggestion that is still valid stays, with its replies. A line outside of the diff cannot have one. Rejects as the
 * requests do.
 */
export async function suggest(client: Client, suggesting: Suggesting, self: string | undefined): Promise<void> {
  const { rest, paginate, where } = client
  const { pull, key, commit, suggestions } = suggesting
  const wanted = new Map(suggestions.map((one) => [markOf(key, one), one]))
  const about = { ...where, pull_number: pull, per_page: 100 }
  const comments = await everyPage(paginate.iterator(rest.pulls.listReviewComments, about), idOf)
  const own = comments.filter(({ user, body }) => body.startsWith(markerOf(`${key} suggestion`)) && isOurs(user, self))
  for (const { id, body } of own) {
    if (wanted.delete(body.split('\n', 2).join('\n'))) continue
    await rest.pulls.deleteReviewComment({ ...where, comment_id: id }).catch(except(404))
  }
  const side = 'RIGHT' as const
  for (const [mark, { file: path, from, line, body }] of wanted) {
    const lines = { line, side, ...(from !== undefined && { start_line: from, start_side: side }) }
    await rest.pulls
      .createReviewComment({ ...where, pull_number: pull, commit_id: commit, path, ...lines, body: `${mark}\n${body}` })
      .catch(except(422))
  }
}

const markOf = (key: string, { file, from, line, body }: Suggesting['suggestions'][number]): string =>
  `${markerOf(`${key} suggestion`)}\n<!-- ${hash('sha256', JSON.stringify([file, line, body, ...(from === undefined ? [] : [from])])).slice(0, 16)} -->`

/** 404: it is already gone. 422: the line is not part of the diff. */
const except =
  (status: number) =>
  (error: unknown): void => {
    if (failureOf(error).status !== status) throw error
  }
