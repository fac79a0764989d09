// The documentation of the rules as Markdown, from the rules themselves.
import type { Rule } from './rule.js'

/** The tables that the samples start from. A sample with its own config starts from nothing. */
export const SAMPLE_TABLES = `CREATE TABLE users (id bigint PRIMARY KEY, name text, email text);
CREATE TABLE countries (code text, population integer, name text);
`

/** File names and contents below docs/checks. */
export const rulePages = (rules: readonly Rule[]): ReadonlyMap<string, string> =>
  new Map([['README.md', index(rules)], ...rules.map((rule) => [`${rule.id}.md`, page(rule)] as const)])

const index = (rules: readonly Rule[]): string => `# Checks

What \`pg-migration-gate check\` looks at. Each rule has a page. Errors fail the verdict; warnings do so with
\`--fail-on warning\`; notes never do.

| rule | level | what it asks for |
| --- | --- | --- |
${rules.map(({ id, level, title }) => `| [${id}](${id}.md) | ${level} | ${title} |`).join('\n')}

Set a level, or turn a rule off, in \`migration-gate.yml\`:

\`\`\`yaml
checks:
  file-size: warning
  session-setting: error
\`\`\`

## The samples

Each page shows a bad and a good sample, and the tests run both. A comment that holds a file name starts a file. The words
after the name give its place:

- \`as merged\`: on the base branch
- \`merged and deleted here\`
- \`merged meanwhile\`: the base branch has it and this change does not
- \`in pull request 7\`: in another open pull request
- \`permission denied\`

The samples start from these tables:

\`\`\`sql
${SAMPLE_TABLES}\`\`\`
`

const page = (rule: Rule): string => `# ${rule.id}

${rule.title}. Default level: **${rule.level}**.

## Why

${rule.why}

## ${rule.level === 'note' ? 'Seen in' : 'Bad'}

${sample(rule.bad)}

## ${rule.level === 'note' ? 'Not in' : 'Good'}

${sample(rule.good)}

${hasWords(rule) ? '[The samples](README.md#the-samples) explain the words after a file name.\n\n' : ''}## Turn it off

In \`migration-gate.yml\`:

\`\`\`yaml
checks:
  ${rule.id}: off
\`\`\`
`

const hasWords = ({ bad, good }: Rule): boolean => /^-- \S+\.sql, /m.test(`${bad}\n${good}`)

const sample = (text: string): string => {
  const language = text.startsWith('-- ') ? 'sql' : text.startsWith('#') ? 'yaml' : 'text'
  return `\`\`\`${language}\n${text}\n\`\`\``
}
