// The documentation of the rules as Markdown, from the rules themselves.
import type { Rule } from './rule.js'

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
  mixed-line-ends: off
  session-setting: error
\`\`\`
`

const page = (rule: Rule): string => `# ${rule.id}

${rule.title}. Default level: **${rule.level}**.

## Why

${rule.why}

## ${rule.level === 'note' ? 'Seen in' : 'Bad'}

${sample(rule.bad)}

## ${rule.level === 'note' ? 'Not in' : 'Good'}

${sample(rule.good)}

## Turn it off

In \`migration-gate.yml\`:

\`\`\`yaml
checks:
  ${rule.id}: off
\`\`\`
`

const sample = (text: string): string => {
  const language = text.startsWith('-- ') ? 'sql' : text.startsWith('#') ? 'yaml' : 'text'
  return `\`\`\`${language}\n${text}\n\`\`\``
}
