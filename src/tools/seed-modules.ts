// Seeds written as modules (`00010_seed_admin.mjs`), beside SQL seeds of any layout.
import { hash } from 'node:crypto'
import type { Migration } from '../model/migration.js'
import { type Order, versionKey } from '../model/version.js'
import type { Problem } from '../model/finding.js'
import type { SourceFile } from '../model/source.js'
import type { Stream } from './tool.js'

/** A version, `_`, a name; no declarations and no tests. */
const MODULE = /^((\d+)_(?:.*[^.])?)(?<!\.(?:d|test|spec))\.(?:mjs|js|ts)$/

/** Whether a file directly in a folder of seeds is a module, by its name alone. */
export const isSeedModule = (file: SourceFile): boolean => !file.name.includes('/') && MODULE.test(file.name)

/** One seed for each module: its `code` and its `module`. Pure: only a run shows what it exports. */
export function seedModules(files: readonly SourceFile[]): readonly Migration[] {
  return files.flatMap((file) => {
    const [, id, version] = (isSeedModule(file) && MODULE.exec(file.name)) || []
    if (id === undefined || version === undefined) return []
    const checksum = hash('sha256', file.bytes)
    return [
      {
        id,
        version,
        name: id.slice(version.length + 1),
        kind: 'seed' as const,
        up: undefined,
        down: undefined,
        code: file.path,
        module: file.unreadable === undefined ? { file: file.path, checksum } : undefined,
        irreversible: undefined,
      },
    ]
  })
}

/** Both kinds of seeds in the order of the layout's tool. A version that both have is a problem. */
export function withModules(stream: Stream, modules: readonly Migration[], order: Order): Stream {
  if (modules.length === 0) return stream
  const taken = new Map<string, string>()
  for (const { version, up, down, code, id } of stream.migrations) {
    taken.set(versionKey(version), up?.file ?? down?.file ?? code ?? id)
  }
  const problems: Problem[] = []
  for (const { id, version, code = '' } of modules) {
    const key = versionKey(version)
    const other = taken.get(key)
    if (other === undefined) taken.set(key, code)
    else problems.push(duplicate({ id, version, file: code, other }))
  }
  return {
    ...stream,
    migrations: [...stream.migrations, ...modules].toSorted(order),
    problems: [...stream.problems, ...problems],
  }
}

const duplicate = (seed: { id: string; version: string; file: string; other: string }): Problem => ({
  rule: 'duplicate-version',
  migration: seed.id,
  place: { file: seed.file, line: 1, column: 1 },
  message: `version ${seed.version} is taken twice: ${seed.other} and ${seed.file}`,
  why: 'The history of seeds knows a seed by its version alone, so one of the two would never be run.',
  fix: `Give ${seed.file} the next free version.`,
  twin: seed.other,
})
