// Keeps one issue for each key: opens it, updates it, and closes it when the problem is gone.
import type { IssueNews, IssueResult } from '../../release/deployment.js'
import { explain, explainNeed, isOfGithub, type Client, isOurs, whoAmI, createOnce, everyPage, idOf } from './client.js'
import { cutTo, markerOf, sameText } from './comment-body.js'

/** GitHub's limits in characters, from its error messages. */
const LONGEST = { title: 256, body: 65_536 }

type Found = { readonly number: number; readonly url: string; readonly body: string; readonly title: string }

/** Two runs at the same moment may both open an issue. So each looks again, and the oldest issue stays. */
export async function keepIssue(client: Client, news: IssueNews): Promise<IssueResult> {
  try {
    const self = await whoAmI(client)
    const before = await findOwn(client, news, self)
    if (!news.open) return await closeAll(client, news, { found: before, self })
    const [first] = before
    const own = first === undefined ? await open(client, news, self) : await edit(client, news, first)
    const [oldest = own, ...others] = first === undefined ? await findOwn(client, news, self) : before
    for (const { number } of others) await close(client, number, 'not_planned')
    return { url: oldest.url }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    return { url: undefined, why: explainNeed(error, 'issues: write') }
  }
}

/** Open issues in order of creation. Only our own, because anyone can use our marker. */
async function findOwn(
  { rest, paginate, where }: Client,
  { key }: IssueNews,
  self: string | undefined,
): Promise<readonly Found[]> {
  const about = { ...where, state: 'open' as const, per_page: 100, ...(self !== undefined && { creator: self }) }
  const issues = await everyPage(paginate.iterator(rest.issues.listForRepo, about), ({ number }) => number)
  return issues
    .filter(({ user, body, pull_request: pull }) => {
      return pull === undefined && isOurs(user, self) && (body ?? '').startsWith(markerOf(key))
    })
    .map(({ number, html_url: url, body, title }) => ({ number, url, title, body: body ?? '' }))
    .toSorted((a, b) => a.number - b.number)
}

const textOf = ({ key, title, body }: IssueNews) => ({
  title: cutTo(LONGEST.title, title),
  body: cutTo(LONGEST.body, `${markerOf(key)}\n${body}`),
})

function open(client: Client, news: IssueNews, self: string | undefined): Promise<Found> {
  return createOnce(
    async () => {
      const text = textOf(news)
      const { data } = await client.rest.issues.create({ ...client.where, ...text })
      return { number: data.number, url: data.html_url, ...text }
    },
    async () => (await findOwn(client, news, self))[0],
  )
}

async function edit({ rest, where }: Client, news: IssueNews, found: Found): Promise<Found> {
  const text = textOf(news)
  if (!sameText(found.body, text.body) || found.title !== text.title) {
    await rest.issues.update({ ...where, issue_number: found.number, ...text })
  }
  return found
}

async function close({ rest, where }: Client, number: number, reason: 'completed' | 'not_planned'): Promise<void> {
  await rest.issues.update({ ...where, issue_number: number, state: 'closed', state_reason: reason })
}

async function closeAll(
  client: Client,
  news: IssueNews,
  { found, self }: { found: readonly Found[]; self: string | undefined },
): Promise<IssueResult> {
  for (const { number } of found) await close(client, number, 'completed')
  const [oldest] = found
  if (oldest === undefined) return { url: undefined }
  try {
    await sayWhy(client, news, { number: oldest.number, self })
    return { url: oldest.url }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    return { url: oldest.url, why: `it was closed without a comment: ${explain(error)}` }
  }
}

/** Writes one comment each time that the issue is closed. Comments of earlier times are known by their ids. */
async function sayWhy(
  { rest, paginate, where }: Client,
  { key, body }: IssueNews,
  { number, self }: { number: number; self: string | undefined },
): Promise<void> {
  const mark = markerOf(`${key} closed`)
  const about = { ...where, issue_number: number, per_page: 100 }
  const own = async (): Promise<readonly number[]> =>
    (await everyPage(paginate.iterator(rest.issues.listComments, about), idOf))
      .filter((one) => isOurs(one.user, self) && (one.body ?? '').startsWith(mark))
      .map(({ id }) => id)
  const before = new Set(await own())
  const text = cutTo(LONGEST.body, `${mark}\n${body}`)
  await createOnce(
    async () => (await rest.issues.createComment({ ...where, issue_number: number, body: text })).data.id,
    async () => (await own()).find((id) => !before.has(id)),
  )
}
