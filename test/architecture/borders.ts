// Reads the imports of source files and says which of them the architecture does not allow. Pure.
import ts from 'typescript'

/** The pure domain, lowest floor first: a folder may import those above it in this list. */
const DOMAIN = ['schema', 'sql', 'model', 'state', 'catalog', 'impact', 'release', 'report']

/** Folders whose subfolders are judged each by itself. */
const WINGS = ['adapters', 'commands']

const COMMANDS = [...DOMAIN, 'requests', 'ports', 'rules', 'tools', 'render', 'config', 'prove']

/** Folder of src/ (of a wing: its subfolder) -> what it may import besides itself. `*` is everything. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  schema: [],
  sql: [],
  model: ['sql'],
  state: ['sql', 'model'],
  catalog: ['sql', 'model', 'state'],
  impact: ['sql', 'model', 'state', 'catalog'],
  release: ['sql', 'model', 'state', 'catalog'],
  requests: ['sql', 'model', 'state', 'catalog', 'release'],
  report: ['schema', 'sql', 'model', 'state', 'catalog', 'impact', 'release'],
  ports: DOMAIN,
  rules: DOMAIN,
  tools: DOMAIN,
  render: DOMAIN,
  config: [...DOMAIN, 'ports', 'tools'],
  prove: [...DOMAIN, 'ports'],
  'commands/shared': COMMANDS,
  'commands/create': [...COMMANDS, 'commands/shared'],
  'commands/check': [...COMMANDS, 'commands/shared', 'commands/create'],
  'commands/live': [...COMMANDS, 'commands/shared'],
  'commands/migrate': [...COMMANDS, 'commands/shared', 'commands/live'],
  'commands/release': [...COMMANDS, 'commands/shared', 'commands/live'],
  'adapters/host': [...DOMAIN, 'ports'],
  'adapters/postgres': [...DOMAIN, 'ports'],
  'adapters/github': [...DOMAIN, 'ports'],
  entry: ['*'],
}

const EDGES = ['entry', 'adapters/host', 'adapters/postgres', 'adapters/github']
const PURE = Object.keys(MAY_IMPORT).filter((folder) => !EDGES.includes(folder))

/** Package, or its beginning -> the folders that may import it. A package that is not here may be imported nowhere. */
export const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  pg: ['adapters/postgres'],
  bcryptjs: ['adapters/host'],
  'age-encryption': ['adapters/postgres'],
  '@actions/': ['entry', 'adapters/host', 'adapters/github'],
  commander: ['entry'],
  yaml: ['config', 'entry'],
  picocolors: ['entry', 'adapters/host', 'render'],
  'fast-string-width': ['entry', 'adapters/host', 'render'],
  diff: ['render'],
  'fastest-levenshtein': [...PURE, 'entry'],
  'node:crypto': [...PURE, ...EDGES],
  'node:zlib': ['tools'],
  'node:': EDGES,
}

const LISTS = ['rules/index.ts']
/** The one file that users import: it names the types of what it gives. */
const PUBLIC = 'entry/library.ts'
/** Arguments, environment and exit belong to the doors; code that runs servers needs process ids and signals. */
const USES_PROCESS: Readonly<Record<string, readonly string[]>> = {
  entry: ['*'],
  'adapters/host': ['*'],
  'adapters/postgres': ['pid', 'kill'],
}
const NO_NAME = /(?:^|[/.-])(?:utils?|helpers?)(?=[/.-])/

type Import = { readonly from: string; readonly how: 'import' | 'export' | 'dynamic' | 'late' | 'when needed' }

/** Text by path from src/ -> one line per violation, `file: what`. */
export function violations(sources: ReadonlyMap<string, string>): readonly string[] {
  const graph = new Map<string, readonly string[]>()
  const found = [...sources].flatMap(([file, text]) => {
    const { imports, process } = scan(file, text)
    graph.set(
      file,
      imports.map((i) => resolve(file, i.from)).filter((to) => to !== undefined),
    )
    return [
      ...imports.flatMap((one) => judge(file, one, sources)),
      ...process.filter((member) => !mayTouch(folderOf(file), member)).map((member) => `${file}: touches ${member}`),
      ...(NO_NAME.test(file) ? [`${file}: is named after nothing`] : []),
      ...(/(?:^|\/)index\.ts$/.test(file) && !LISTS.includes(file) ? [`${file}: is a barrel by its name`] : []),
      ...(MAY_IMPORT[folderOf(file)] === undefined ? [`${file}: lies in no known folder`] : []),
    ]
  })
  return [...found, ...cycles(graph)]
}

function folderOf(file: string): string {
  const parts = file.split('/')
  const [top = file, second] = parts
  return WINGS.includes(top) && second !== undefined && parts.length > 2 ? `${top}/${second}` : top.replace(/\.ts$/, '')
}

const mayTouch = (folder: string, member: string): boolean =>
  (USES_PROCESS[folder] ?? []).some((allowed) => allowed === '*' || member === `process.${allowed}`)

/** The path from src/ that a relative import means; undefined for a package. */
function resolve(file: string, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined
  const url = new URL(from, `file:///${file}`)
  return url.pathname.slice(1).replace(/\.js$/, '.ts')
}

function judge(file: string, { from, how }: Import, sources: ReadonlyMap<string, string>): readonly string[] {
  const here = folderOf(file)
  const to = resolve(file, from)
  const wrong = to === undefined ? judgePackage(here, from) : judgeFile({ here, to, from, known: sources.has(to) })
  return [
    ...(wrong === undefined ? [] : [`${file}: ${wrong}`]),
    ...(how === 'dynamic' || (how === 'late' && here !== 'entry') || (how === 'when needed' && to !== undefined)
      ? [`${file}: imports ${from} dynamically`]
      : []),
    ...(how === 'export' && ![...LISTS, PUBLIC].includes(file) ? [`${file}: hands on ${from}`] : []),
  ]
}

function judgePackage(here: string, name: string): string | undefined {
  const owner = Object.keys(MAY_USE)
    .filter((key) => name === key || name.startsWith(/[/:]$/.test(key) ? key : `${key}/`))
    .sort((a, b) => b.length - a.length)[0]
  return owner !== undefined && MAY_USE[owner]?.includes(here) === true ? undefined : `may not use ${name}`
}

function judgeFile(to: { here: string; to: string; from: string; known: boolean }): string | undefined {
  if (!to.from.endsWith('.js') || !to.known) return `imports ${to.from}, which is no file of src/`
  const there = folderOf(to.to)
  const allowed = MAY_IMPORT[to.here] ?? []
  return there === to.here || allowed.includes(there) || allowed.includes('*') ? undefined : `may not import ${to.to}`
}

/** `process` holds what is used of it (`process.env`), or `process` where it is used as a whole. */
function scan(
  file: string,
  text: string,
): { readonly imports: readonly Import[]; readonly process: readonly string[] } {
  const imports: Import[] = []
  const process = new Set<string>()
  const add = (node: ts.Node | undefined, how: Import['how']): void => {
    imports.push({ from: node !== undefined && ts.isStringLiteral(node) ? node.text : '(computed)', how })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, 'import')
    if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) add(node.moduleSpecifier, 'export')
    if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, 'import')
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      // The bundler leaves such an import alone: the module is a file of dist/ by itself, which scripts/bundle.mjs makes.
      const late = /webpackIgnore: true/.test(node.getText())
      // Stays in the same file, and a large package is evaluated by those who need it only.
      const needed = /webpackMode: "eager"/.test(node.getText())
      add(node.arguments[0], late ? 'late' : needed ? 'when needed' : 'dynamic')
    }
    const member = processMember(node)
    if (member !== undefined) process.add(member)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true))
  return { imports, process: [...process] }
}

/** The global by its name, off globalThis, or from node:process. A property or field that is called so is another thing. */
function processMember(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node)) {
    const used = ts.isElementAccessExpression(node.parent) && node.parent.expression.getText() === 'globalThis'
    const imported = ts.isImportDeclaration(node.parent) && /^(?:node:)?process$/.test(node.text)
    return imported || (used && node.text === 'process') ? 'process' : undefined
  }
  if (!ts.isIdentifier(node) || node.text !== 'process') return undefined
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) {
    if (parent.expression === node) return `process.${parent.name.text}`
    return parent.expression.getText() === 'globalThis' ? 'process' : undefined
  }
  return 'name' in parent && parent.name === node ? undefined : 'process'
}

/** Every knot of files that import each other, type-only imports included: `cycle: a.ts -> b.ts -> a.ts`. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>()
  const found: string[] = []
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start !== -1) found.push(`cycle: ${[...path.slice(start), file].join(' -> ')}`)
    if (start !== -1 || done.has(file)) return
    for (const to of graph.get(file) ?? []) walk(to, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) walk(file, [])
  return found
}
