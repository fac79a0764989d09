// npm run new-rule -- <id> <files|proof|impact|change|waivers>: writes the stubs of a rule, and says what to do with them.
import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'oxfmt'

const at = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url))
const LISTS = {
  files: 'FILE_RULES',
  proof: 'PROOF_RULES',
  impact: 'IMPACT_RULES',
  change: 'CHANGE_RULES',
  waivers: 'WAIVER_RULES',
}
const USAGE = `npm run new-rule -- <id> <${Object.keys(LISTS).join('|')}>`

/** Throws an Error that says what is wrong with the words. */
export function readWords([id = '', kind = '', ...more]) {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))
    throw new Error(`"${id}" is no id of a rule (lower-case words with dashes). ${USAGE}`)
  if (!Object.hasOwn(LISTS, kind) || more.length > 0) throw new Error(`Say what the rule reads. ${USAGE}`)
  return { id, kind }
}

/** Writes the files below `root`, and gives their paths. Rejects where the rule is there, and writes nothing then. */
export async function writeRule({ root, id, kind }) {
  const name = id.replaceAll(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase())
  const index = 'src/rules/index.ts'
  const list = await readFile(path.join(root, index), 'utf8')
  const files = {
    [`src/rules/${kind}/${id}.ts`]: ruleText({ id, kind, name }),
    [`test/rules/${kind}/${id}.ts`]: testText({ id, kind, name }),
    ...exampleTexts({ id, kind }),
  }
  for (const file of Object.keys(files)) {
    const isThere = await access(path.join(root, file)).then(
      () => true,
      () => false,
    )
    if (isThere) throw new Error(`${file} is there already`)
  }
  for (const [file, text] of Object.entries({ ...files, [index]: listed(list, { id, kind, name }) })) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), file.endsWith('.ts') ? await formatted(file, text) : text)
  }
  return [...Object.keys(files), index]
}

/** In the style of this repository. */
async function formatted(file, text) {
  const style = JSON.parse(await readFile(at('.oxfmtrc.json'), 'utf8'))
  const { code } = await format(file, text, style)
  return code
}

/** The list of rules with the new one: its import after the last one, its name at the end of its kind. */
function listed(text, { id, kind, name }) {
  const imported = text.replace(
    /(?:^import .*\n)+/m,
    (imports) => `${imports}import { ${name} } from './${kind}/${id}.js'\n`,
  )
  return imported.replace(
    new RegExp(`(export const ${LISTS[kind]}: readonly Rule\\[\\] = \\[)([^\\]]*?),?\\s*\\]`),
    (_, head, rules) =>
      `${head}\n  ${rules
        .split(',')
        .map((rule) => rule.trim())
        .concat(name)
        .join(',\n  ')},\n]`,
  )
}

const RUNS = {
  files: {
    imports: "import { scriptsOf, startOf } from '../read-input.js'\nimport type { Rule } from '../rule.js'",
    run: `(input) =>
    scriptsOf(input).flatMap(({ migration, script }) =>
      script.messages.some(({ text }) => text.includes('TODO'))
        ? [{ migration: migration.id, place: startOf(script), message: 'TODO: what is wrong', why: WHY, fix: 'TODO' }]
        : [],
    )`,
  },
  proof: {
    imports: "import { startIn, upEffectsOf } from '../read-input.js'\nimport type { Rule } from '../rule.js'",
    run: `(input) =>
    upEffectsOf(input).flatMap(({ migration, effect }) =>
      effect.made
        .filter(({ kind }) => kind === 'TODO')
        .map(({ identity }) => ({
          migration: migration.id,
          place: startIn(migration, 'up'),
          message: \`TODO: what is wrong with \${identity}\`,
          why: WHY,
          fix: 'TODO: what to write instead',
        })),
    )`,
  },
  impact: {
    imports:
      "import { startIn } from '../read-input.js'\nimport type { Rule } from '../rule.js'\nimport { MERGED_ORDERS } from '../samples.js'",
    run: `({ migrations, report }) =>
    migrations.flatMap((migration) => {
      const { impact } = report.migrations.find(({ id }) => id === migration.id) ?? {}
      return (impact?.up?.rewritten ?? [])
        .filter(({ relation }) => relation === 'TODO')
        .map(({ relation, statement }) => ({
          migration: migration.id,
          place: impact?.up?.statements.find(({ number }) => number === statement)?.place ?? startIn(migration, 'up'),
          message: \`TODO: what happens to \${relation}, and who waits\`,
          why: WHY,
          fix: 'TODO: what to write instead',
        }))
    })`,
    before: '${MERGED_ORDERS}\n',
  },
  change: {
    imports: "import type { Rule } from '../rule.js'\nimport { firstPlace, runOnChange } from './merged.js'",
    run: `runOnChange(({ added }) =>
    added
      .filter(({ name }) => name === 'TODO')
      .map((migration) => ({
        migration: migration.id,
        place: firstPlace(migration),
        message: \`TODO: what is wrong with \${migration.id}\`,
        why: WHY,
        fix: 'TODO: what to do instead',
      })),
  )`,
  },
  waivers: {
    imports: "import type { Rule } from '../rule.js'\nimport { runOnWaivers } from './waiver-state.js'",
    run: `runOnWaivers('stale', ({ migration, place, rule }) => ({
    migration,
    place,
    message: \`TODO: what is wrong with the waiver of \${rule}\`,
    why: WHY,
    fix: 'TODO: what to do instead',
  }))`,
  },
}

const ruleText = ({ id, kind, name }) => `// TODO: one sentence that says what this rule finds.
${RUNS[kind].imports}

const WHY = 'TODO: what happens on the night when it matters.'

export const ${name}: Rule = {
  id: '${id}',
  title: 'TODO: the state that the rule asks for',
  level: 'warning',
  why: WHY,
  bad: \`${RUNS[kind].before ?? ''}-- 00002_todo.up.sql
SELECT 'TODO: a migration with the finding';
-- 00002_todo.down.sql
SELECT 'TODO';\`,
  good: \`${RUNS[kind].before ?? ''}-- 00002_todo.up.sql
SELECT 'TODO: the same migration without the finding';
-- 00002_todo.down.sql
SELECT 'TODO';\`,
  run: ${RUNS[kind].run},
}
`

const testText = ({ id, kind, name }) => (kind === 'impact' ? impactTestText(id) : sampleTestText({ id, kind, name }))

const impactTestText = (
  id,
) => `// The rule \`${id}\`, on facts; test/rules/samples.test.ts watches its samples on a server.
import { describe, expect, test } from '@jest/globals'
import { impactOf } from '../recorded-impact.js'

describe('${id}', () => {
  const work = { relation: 'TODO', rows: 5000, statement: 1, under: 'ACCESS EXCLUSIVE' as const }

  test('TODO', () => {
    expect(impactOf({ impact: { rewritten: [work] } })).toEqual(['warning ${id} 00002_a.up.sql:1:1 TODO: the message'])
  })

  test('TODO is fine', () => {
    expect(impactOf({ impact: {} })).toEqual([])
  })
})
`

const sampleTestText = ({
  id,
  kind,
  name,
}) => `// The rule \`${id}\`: its samples are run by test/rules/samples.test.ts, further cases are here.
import { describe, expect, test } from '@jest/globals'
import { ${name} } from '../../../src/rules/${kind}/${id}.js'
import { sampleFindings } from '../sample.js'

describe('${id}', () => {
  const up = (text: string): string => \`-- 00002_a.up.sql\\n\${text}\\n-- 00002_a.down.sql\\nSELECT 'TODO';\`

  test.each([['TODO', '00002_a.up.sql:1:1 TODO: the message']])('%s', async (text, words) => {
    expect(await sampleFindings(${name}, up(text))).toEqual([\`warning ${id} \${words}\`])
  })

  test.each(['TODO'])('%s is fine', async (text) => {
    expect(await sampleFindings(${name}, up(text))).toEqual([])
  })
})
`

/** A database of its own below examples/broken; a folder shows no change, no waiver, and no database in use. */
function exampleTexts({ id, kind }) {
  if (kind !== 'files' && kind !== 'proof') return {}
  const name = id.replaceAll('-', '_')
  const at = (direction) => `examples/broken/${name}/00001_${name}.${direction}.sql`
  return { [at('up')]: "SELECT 'TODO: the finding';\n", [at('down')]: "SELECT 'TODO';\n" }
}

/** What is left to do, in four lines. */
export const nextSteps = ({ id, kind }) => {
  const name = id.replaceAll('-', '_')
  const example = kind === 'files' || kind === 'proof'
  return [
    `1. Fill in src/rules/${kind}/${id}.ts: first sentence, title, level, why, bad, good and run.`,
    `2. Write its cases in test/rules/${kind}/${id}.ts, then: npm run test:unit -- test/rules -t ${id}`,
    example
      ? `3. Fill in examples/broken/${name}/, then look at what this prints: npm run expected`
      : '3. No example: a folder shows no change, no waiver, and no database in use. Its two samples are run instead.',
    '4. npm run docs writes its page and the schema of the config; then: npm test',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const words = readWords(process.argv.slice(2))
    const files = await writeRule({ root: at(''), ...words })
    console.log(`${files.join('\n')}\n\n${nextSteps(words)}`)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
