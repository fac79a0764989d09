// One issue for each key: opened, kept up to date, and closed when there is nothing to say any more.
import type { IssueNews, IssueTold } from '../core/forge-deploy.js'
import { explain, isLost, isOfGithub, type Client } from './client.js'
import { markerOf } from './comment-body.js'
import { isOurs, whoAmI } from './identity.js'

/** GitHub takes no longer text of an issue. */
const LONGEST = 65_000

type Found = { readonly number: number; readonly url: string; readonly body: string; readonly title: string }

export async function keepIssue(client: Client, news: IssueNews): Promise<IssueTold> {
  try {
    const found = await findOwn(client, news)
    if (!news.open) return found === undefined ? { url: undefined } : await close(client, found)
    const body = `${markerOf(news.key)}\n${news.body}`.slice(0, LONGEST)
    if (found === undefined) return { url: await open(client, news, body) }
    if (found.body !== body || found.title !== news.title) {
      await client.rest.issues.update({ ...client.where, issue_number: found.number, title: news.title, body })
    }
    return { url: found.url }
  } catch (error) {
    if (!isOfGithub(error)) throw error
    return { url: undefined, why: `${explain(error)}; the job needs the permission issues: write` }
  }
}

/** The oldest open one that we wrote: anybody can begin an issue with our marker. */
async function findOwn(client: Client, { key }: IssueNews): Promise<Found | undefined> {
  const { rest, paginate, where } = client
  const self = await whoAmI(client)
  const issues = await paginate(rest.issues.listForRepo, { ...where, state: 'open', per_page: 100 })
  return issues
    .flatMap(({ number, html_url: url, body, title, user }) => {
      const own = isOurs(user, self) && (body ?? '').startsWith(markerOf(key))
      return own ? [{ number, url, title, body: body ?? '' }] : []
    })
    .toSorted((a, b) => a.number - b.number)[0]
}

async function open(client: Client, news: IssueNews, body: string): Promise<string> {
  try {
    return (await client.rest.issues.create({ ...client.where, title: news.title, body })).data.html_url
  } catch (error) {
    if (!isLost(error)) throw error
    const there = await findOwn(client, news)
    if (there === undefined) throw error
    return there.url
  }
}

async function close({ rest, where }: Client, { number, url }: Found): Promise<IssueTold> {
  await rest.issues.update({ ...where, issue_number: number, state: 'closed', state_reason: 'completed' })
  return { url }
}
