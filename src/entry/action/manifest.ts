// Renders action.yml and the tables of options and outputs, from the lists of options and outputs.
import { ACTION_OPTIONS } from '../options/action.js'
import { REPORTING } from '../options/commands.js'
import { isOptionOf, type Option } from '../options/option.js'
import { INPUTS } from '../options/all.js'
import { TOOL, TOOL_ABOUT } from '../program.js'

/** The values that later steps of a job can read. */
export const OUTPUTS = [
  {
    name: 'verdict',
    about:
      'pass, fail, environment (server or rights), unfinished (a database was changed, but not as asked) or cancelled.',
  },
  { name: 'exit-code', about: 'Exit code of the command: 0, 1, 2, 3, 4 or 130.' },
  { name: 'databases', about: 'Number of databases.' },
  { name: 'migrations', about: 'Number of migrations. For commands on live databases: number of applied migrations.' },
  { name: 'proved', about: 'Number of migrations whose up, down and second up passed.' },
  { name: 'errors', about: 'Number of findings with level error.' },
  { name: 'warnings', about: 'Number of findings with level warning.' },
  { name: 'notes', about: 'Number of findings with level note.' },
  { name: 'done', about: 'Number of completed steps on live databases.' },
  { name: 'pending', about: 'Number of pending migrations on live databases.' },
  { name: 'digest', about: 'Digest of the plan (plan), or of what would run now (deploy).' },
  { name: 'expires', about: 'When the plan expires.' },
  { name: 'report', about: 'Path of the JSON report.' },
  { name: 'comment', about: 'URL of the comment on the pull request, or of the issue, if one was written.' },
] as const

/** The text of action.yml. Texts are written as JSON strings, which YAML reads as they are. */
export function renderManifest(): string {
  const inputs = INPUTS.flatMap((option) => [
    `  ${option.name}:`,
    `    description: ${JSON.stringify(describe(option))}`,
    '    required: false',
    `    default: ${JSON.stringify(defaultInput(option))}`,
  ])
  const outputs = OUTPUTS.flatMap(({ name, about }) => [`  ${name}:`, `    description: ${JSON.stringify(about)}`])
  return [
    '# Generated from src/entry/options/ by scripts/docs-options.mjs.',
    `name: ${TOOL.name}`,
    `description: ${JSON.stringify(TOOL_ABOUT)}`,
    `author: the authors of ${TOOL.name}`,
    'branding:',
    '  icon: database',
    '  color: blue',
    'inputs:',
    ...inputs,
    'outputs:',
    ...outputs,
    'runs:',
    '  using: node24',
    '  main: dist/index.js',
    '',
  ].join('\n')
}

/** An empty path differs from the default one: the default may be missing when the config names folders. */
const defaultInput = ({ name, default: byDefault }: Option): string =>
  name === 'path' ? '' : name === 'token' ? '${{ github.token }}' : byDefault

function describe(option: Option): string {
  const { about, choices, kind, name, default: byDefault } = option
  const words = choices === undefined ? '' : ` One of: ${choices.join(', ')}.`
  const several =
    kind === 'lines' ? ' One per line.' : kind === 'list' ? ' Separate them with commas or new lines.' : ''
  const commands = REPORTING.filter((command) => isOptionOf(option, command))
  const only = commands.length === REPORTING.length ? '' : ` Commands: ${commands.join(', ')}.`
  return `${about}${name === 'path' ? ` Default: ${byDefault}.` : ''}${words}${several}${only}`
}

/** A table of the options: on the command line and as inputs. */
export function renderOptionTable(): string {
  const rows = INPUTS.map((option) => {
    const { name, default: byDefault, without } = option
    const off = without === undefined ? '' : `, \`--no-${name}\``
    return `| \`${name}\` | ${onCommandLine(option)}${off} | ${byDefault === '' ? '' : `\`${byDefault}\``} | ${cell(describe({ ...option, default: byDefault }))} |`
  })
  return ['| input | command line | default | what it is for |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}

function onCommandLine(option: Option): string {
  if (option.name === 'command') return 'first word'
  if (option.name === 'path') return 'arguments'
  return isActionOnly(option.name) ? '' : `\`${flagOf(option)}\``
}

/** A table of the inputs for `check`, with the defaults of action.yml. */
export const renderInputTable = (): string =>
  [
    '| input | default | what it is for |',
    '| --- | --- | --- |',
    ...INPUTS.filter((option) => isOptionOf(option, 'check')).map(
      (option) =>
        `| \`${option.name}\` | ${defaultInput(option) === '' ? '' : `\`${defaultInput(option)}\``} | ${cell(describe(option))} |`,
    ),
    '',
  ].join('\n')

const isActionOnly = (name: string): boolean => ACTION_OPTIONS.some((option) => option.name === name)

/** A table of the action's outputs. */
export const renderOutputTable = (): string =>
  [
    '| output | what it is |',
    '| --- | --- |',
    ...OUTPUTS.map(({ name, about }) => `| \`${name}\` | ${about} |`),
    '',
  ].join('\n')

const flagOf = ({ name, kind, placeholder, short }: Option): string =>
  `--${name}${kind === 'flag' ? '' : ` <${placeholder ?? name}>`}${short === undefined ? '' : `, -${short}`}`

const cell = (text: string): string => text.replaceAll('|', '\\|')
