// The documentation of the rules as Markdown, from the rules themselves.
import type { Check } from './rule.js'

/** File names and contents below docs/checks. */
export const checkPages = (checks: readonly Check[]): ReadonlyMap<string, string> =>
  new Map([['README.md', index(checks)], ...checks.map((check) => [`${check.id}.md`, page(check)] as const)])

const index = (checks: readonly Check[]): string => `# Checks

What \`pg-migration-gate check\` looks at. Each rule has a page. Errors fail the verdict; warnings do so with
\`--fail-on warning\`; notes never do.

| rule | level | what it asks for |
| --- | --- | --- |
${checks.map(({ id, level, title }) => `| [${id}](${id}.md) | ${level} | ${title} |`).join('\n')}

Set a level, or turn a rule off, in \`migration-gate.yml\`:

\`\`\`yaml
checks:
  mixed-line-ends: off
  session-setting: error
\`\`\`
`

const page = (check: Check): string => `# ${check.id}

${check.title}. Default level: **${check.level}**.

## Why

${check.why}

## ${check.level === 'note' ? 'Seen in' : 'Bad'}

${sample(check.bad)}

## ${check.level === 'note' ? 'Not in' : 'Good'}

${sample(check.good)}

## Turn it off

In \`migration-gate.yml\`:

\`\`\`yaml
checks:
  ${check.id}: off
\`\`\`
`

const sample = (text: string): string => {
  const language = text.startsWith('-- ') ? 'sql' : text.startsWith('#') ? 'yaml' : 'text'
  return `\`\`\`${language}\n${text}\n\`\`\``
}
