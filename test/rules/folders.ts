// Folders of migrations of every layout, what people do to them by mistake, and a shell that does what a finding suggests.
import type { Finding } from '../../src/model/finding.js'
import type { LayoutName } from '../../src/model/migration.js'
import { checkProject, type Project } from './project.js'

/** Texts by path from the folder of the migrations. */
export type Files = Readonly<Record<string, string>>

export const FOLDER = 'migrations/app'

const up = (id: string): string => `CREATE TABLE t_${id.replaceAll(/\W/g, '_')} (id int);\n`
const down = (id: string): string => `DROP TABLE t_${id.replaceAll(/\W/g, '_')};\n`
const marked = (id: string, begin: string, end: string): Files => ({
  [`${id}.sql`]: `${begin}\n${up(id)}${end}\n${down(id)}`,
})

/** The files of one migration, by the name of its layout. */
export const MADE: Readonly<Record<string, (id: string) => Files>> = {
  goose: (id) => marked(id, '-- +goose Up', '-- +goose Down'),
  'sql-migrate': (id) => marked(id, '-- +migrate Up', '-- +migrate Down'),
  dbmate: (id) => marked(id, '-- migrate:up', '-- migrate:down'),
  pairs: (id) => ({ [`${id}.up.sql`]: up(id), [`${id}.down.sql`]: down(id) }),
  directories: (id) => ({ [`${id}/up.sql`]: up(id), [`${id}/down.sql`]: down(id) }),
}

/** Where a direction of a migration is. */
export const fileOf = (layout: LayoutName, id: string, direction: 'up' | 'down'): string =>
  layout === 'pairs' ? `${id}.${direction}.sql` : layout === 'directories' ? `${id}/${direction}.sql` : `${id}.sql`

export const folderOf = (layout: LayoutName, ids: readonly string[]): Files =>
  Object.fromEntries(ids.flatMap((id) => Object.entries(MADE[layout]?.(id) ?? {})))

/** With other names: of files, of folders, and of all files of a migration by its id. */
export const renamed = (files: Files, names: Readonly<Record<string, string>>): Files =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => {
      const from = Object.keys(names).find(
        (name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}/`),
      )
      return [from === undefined ? path : `${names[from] ?? ''}${path.slice(from.length)}`, text]
    }),
  )

/** Without files, folders or migrations of these names. */
export const without = (files: Files, ...names: readonly string[]): Files =>
  Object.fromEntries(
    Object.entries(files).filter(
      ([path]) => !names.some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}/`)),
    ),
  )

/** `tip` is the base branch by now; left out, it is where the change started. `pulls` are files of other requests. */
export type Change = {
  readonly now: Files
  readonly base?: Files | undefined
  readonly tip?: Files
  readonly pulls?: Readonly<Record<number, readonly string[]>>
  readonly config?: string
}

const bytes = (files: Files): Map<string, Uint8Array> =>
  new Map(Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, Buffer.from(text)]))

export function projectFor({ now, base, tip = base, pulls = {}, config }: Change): Project {
  const project = {
    now: bytes(now),
    base: bytes(base ?? {}),
    tip: bytes(tip ?? {}),
    unreadable: new Set<string>(),
    pulls: new Map(
      Object.entries(pulls).map(([pull, names]) => [Number(pull), names.map((name) => `${FOLDER}/${name}`)]),
    ),
  }
  if (config !== undefined) {
    for (const side of [project.now, project.base, project.tip]) side.set('migration-gate.yml', Buffer.from(config))
  }
  return project
}

export const findingsIn = async (project: Project, compared: boolean): Promise<readonly Finding[]> =>
  (await checkProject(project, { compared })).findings

/** Level, rule and place of each finding that is no note. */
export const brief = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter(({ level }) => level !== 'note')
    .map(({ level, rule, place }) => `${level} ${rule} ${place?.file.replace(`${FOLDER}/`, '') ?? '-'}`)

/** Runs the commands of the fixes in the working tree, as a shell would, and writes the files that they ask for. */
export function follow({ now, base }: Project, findings: readonly Finding[]): void {
  for (const line of findings.flatMap(({ fix }) => fix.split('\n'))) {
    const command = /(?:^|: )((?:git (?:mv|checkout|rm|diff)) .*)$/.exec(
      line.replace(/, and (?:undo its effects|put the change).*$/, ''),
    )?.[1]
    const [, written] = /^Write (\S+),/.exec(line) ?? []
    if (written !== undefined) now.set(written, Buffer.from(down('written')))
    else if (command !== undefined) run(command, now, base)
  }
}

function run(command: string, now: Map<string, Uint8Array>, base: ReadonlyMap<string, Uint8Array>): void {
  const words = command.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'))
  const [, verb, first = '', second = ''] = words
  if (verb === 'mv') move(now, first, second)
  else if (verb === 'rm') for (const path of words.slice(2)) now.delete(path)
  else {
    const paths =
      verb === 'diff' ? [...base.keys()].filter((path) => !now.has(path)) : words.slice(words.indexOf('--') + 1)
    for (const path of paths) {
      const text = base.get(path)
      if (text === undefined) throw new Error(`${command}: there is no ${path}`)
      now.set(path, text)
    }
  }
}

/** Of a file or a folder; the folder that it goes to must be there, and nothing may be in its place. */
function move(now: Map<string, Uint8Array>, from: string, to: string): void {
  const paths = [...now.keys()].filter((path) => path === from || path.startsWith(`${from}/`))
  if (paths.length === 0) throw new Error(`git mv: there is no ${from}`)
  const parent = to.slice(0, to.lastIndexOf('/'))
  if (![...now.keys()].some((path) => path.startsWith(`${parent}/`)))
    throw new Error(`git mv: there is no folder ${parent}`)
  if ([...now.keys()].some((path) => path === to || path.startsWith(`${to}/`)))
    throw new Error(`git mv: ${to} is there`)
  for (const path of paths) {
    now.set(`${to}${path.slice(from.length)}`, now.get(path) ?? new Uint8Array())
    now.delete(path)
  }
}
