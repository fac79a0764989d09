// What Flyway keeps beside its versioned migrations (`V1__a.sql`, `U1__a.sql`): repeatable ones, callbacks and baselines.
import type { Migration } from '../../model/migration.js'
import type { SourceFile } from '../../model/source.js'
import { compareBytes } from '../../model/version.js'
import { irreversibleOf } from '../irreversible.js'
import type { LeftOut } from '../left-out.js'
import { configuredScript } from '../configured-script.js'
import { wholeFile } from '../script.js'
import type { ReadOptions } from '../tool.js'
import type { Side } from './direction.js'

/** Whether a folder has Flyway's names: V, a version, two underscores. */
export const isFlyway = (sides: readonly Pick<Side, 'file'>[]): boolean =>
  sides.some(({ file }) => /^V\d[\d._]*__/.test(file.name))

/** Flyway runs them after all others, by description, and again whenever their text changes. */
export const isRepeatable = ({ name }: Pick<SourceFile, 'name'>): boolean => /^R__.+\.sql$/.test(name)

export const repeatables = (files: readonly SourceFile[], options: ReadOptions): readonly Migration[] =>
  files
    .filter(isRepeatable)
    .toSorted((a, b) => compareBytes(a.name, b.name))
    .map((file): Migration => {
      const id = file.name.replace(/\.sql$/, '')
      const transaction = options.config.transaction ?? 'message'
      return {
        id,
        version: '',
        name: id.replace(/^R__/, ''),
        kind: options.kind,
        up:
          file.unreadable === undefined
            ? configuredScript(
                { file: file.path, transaction, messages: wholeFile(file.text) },
                options.config.transaction,
              )
            : undefined,
        down: undefined,
        code: undefined,
        irreversible: irreversibleOf({ id, version: id, files: [], config: options.config }).irreversible,
        repeat: 'on change',
      }
    })

/** A callback or a baseline, which Flyway runs at certain moments; undefined for any other name. */
export function beside({ name, path }: SourceFile): LeftOut | undefined {
  const what = /^(?:before|after)[A-Z]\w*\.sql$/.test(name)
    ? 'as a callback'
    : /^B\d[\d._]*__/.test(name)
      ? 'on new databases in place of older migrations'
      : undefined
  return (
    what && {
      file: path,
      effect: 'unclear',
      message: `Flyway runs ${name} ${what}, and nothing has proved it: it is not read here`,
      why: 'It is part of what production gets.',
      fix: 'Test it with Flyway itself. To stop this warning: checks: never-runs: off in migration-gate.yml.',
    }
  )
}
