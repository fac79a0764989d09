// Writes suggested changes on the lines of a pull request, and removes those of earlier runs.
import { hash } from 'node:crypto'
import type { Suggesting } from '../../report/posting.js'
import { failureOf, type Client } from './client.js'
import { markerOf } from './comment-body.js'
import { isOurs } from './identity.js'
import { everyPage, idOf } from './pages.js'

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
  for (const [mark, { file: path, line, body }] of wanted) {
    const text = `${mark}\n${body}`
    await rest.pulls
      .createReviewComment({ ...where, pull_number: pull, commit_id: commit, path, line, side: 'RIGHT', body: text })
      .catch(except(422))
  }
}

const markOf = (key: string, { file, line, body }: Suggesting['suggestions'][number]): string =>
  `${markerOf(`${key} suggestion`)}\n<!-- ${hash('sha256', JSON.stringify([file, line, body])).slice(0, 16)} -->`

/** 404: it is already gone. 422: the line is not part of the diff. */
const except =
  (status: number) =>
  (error: unknown): void => {
    if (failureOf(error).status !== status) throw error
  }
