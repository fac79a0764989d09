// Prints the part of GitHub's OpenAPI description for our requests, from npm's @octokit/openapi:
//   npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json
//   node scripts/cut-openapi.mjs package/generated/api.github.com.json <version> > test/openapi/requests.json
import { readFileSync } from 'node:fs'

const OPERATIONS = [
  ['get', '/user'],
  ['get', '/repos/{owner}/{repo}/pulls'],
  ['get', '/repos/{owner}/{repo}/pulls/{pull_number}'],
  ['get', '/repos/{owner}/{repo}/pulls/{pull_number}/files'],
  ['get', '/repos/{owner}/{repo}/pulls/{pull_number}/comments'],
  ['post', '/repos/{owner}/{repo}/pulls/{pull_number}/comments'],
  ['delete', '/repos/{owner}/{repo}/pulls/comments/{comment_id}'],
  ['get', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ['post', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ['get', '/repos/{owner}/{repo}/issues/comments/{comment_id}'],
  ['patch', '/repos/{owner}/{repo}/issues/comments/{comment_id}'],
  ['delete', '/repos/{owner}/{repo}/issues/comments/{comment_id}'],
  ['get', '/repos/{owner}/{repo}/commits/{ref}/check-runs'],
  ['get', '/repos/{owner}/{repo}/commits/{ref}/status'],
  ['get', '/repos/{owner}/{repo}/commits/{commit_sha}/pulls'],
  ['get', '/repos/{owner}/{repo}/deployments'],
  ['post', '/repos/{owner}/{repo}/deployments'],
  ['post', '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses'],
  ['get', '/repos/{owner}/{repo}/issues'],
  ['post', '/repos/{owner}/{repo}/issues'],
  ['patch', '/repos/{owner}/{repo}/issues/{issue_number}'],
]

const PROSE = ['description', 'example', 'examples', 'x-github', 'externalDocs']

const [file, version] = process.argv.slice(2)
const api = JSON.parse(readFileSync(file, 'utf8'))

/** References are put in place: what a request is made of has no circles. `named`: the keys are names of properties. */
const resolved = (node, named = false) => {
  if (Array.isArray(node)) return node.map((one) => resolved(one))
  if (typeof node !== 'object' || node === null) return node
  if (typeof node.$ref === 'string') {
    return resolved(
      node.$ref
        .slice(2)
        .split('/')
        .reduce((at, name) => at[name.replaceAll('~1', '/')], api),
    )
  }
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => named || !PROSE.includes(name))
      // Next to oneOf, JSON Schema gives `nullable` no meaning.
      .filter(([name]) => named || name !== 'nullable' || node.type !== undefined)
      .map(([name, value]) => [name, resolved(value, name === 'properties' && !named)]),
  )
}

const cut = OPERATIONS.map(([method, path]) => {
  const { parameters = [], requestBody } = api.paths[path][method]
  return {
    ...{ method, path },
    parameters: parameters
      .map((one) => resolved(one))
      .map(({ name, in: place, required = false, schema }) => ({ name, in: place, required, schema })),
    body: resolved(requestBody)?.content['application/json'].schema,
  }
})
process.stdout.write(
  `${JSON.stringify({ source: `@octokit/openapi ${version}, api.github.com`, operations: cut }, null, 1)}\n`,
)
