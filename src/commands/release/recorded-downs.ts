// The downs from when their ups were applied. A rollback runs these, independent of the checkout.
import type { DownText } from '../../release/preview.js'
import type { Migration, Script } from '../../model/migration.js'
import type { Order } from '../../model/version.js'
import { withoutLiterals } from '../../report/redact-data.js'
import type { TargetReport } from '../../report/run-report.js'
import type { RecordedDown } from '../../ports/target.js'
import { stoppedBy, type ConnectedTarget, type Staged } from '../live/target.js'

/** The target with its migrations as applied, and for each version the source of its down. */
export async function recallDowns(one: Staged<ConnectedTarget>): Promise<{
  readonly recalled: Staged<ConnectedTarget>
  readonly texts: ReadonlyMap<string, DownText>
}> {
  if (one.stopped !== undefined) return { recalled: one, texts: new Map() }
  const { read, target } = one
  const { migrations, layout } = read.schema
  try {
    const rows = await target.readDowns(read.config.name)
    const recorded = withRecorded(migrations, rows, layout.order.compare)
    const schema = { ...read.schema, migrations: recorded.migrations }
    return { recalled: { ...one, read: { ...read, schema } }, texts: recorded.texts }
  } catch (error) {
    return { recalled: { read, stopped: stoppedBy(error) }, texts: new Map() }
  }
}

/** Adds the source of the down to each step of the report. */
export function withDownTexts(report: TargetReport, texts: ReadonlyMap<string, DownText>): TargetReport {
  const { ahead } = report
  if (ahead === undefined) return report
  const steps = ahead.steps.map((step) => {
    const version = report.steps.find(({ id }) => id === step.id)?.version ?? ''
    return { ...step, text: texts.get(version) }
  })
  return { ...report, ahead: { ...ahead, steps } }
}

/** Migrations of the files and the journal, and for each version the source of its down. */
export type RecordedMigrations = {
  readonly migrations: readonly Migration[]
  readonly texts: ReadonlyMap<string, DownText>
}

/**
 * The journal takes precedence if the file is gone or its down differs from the applied one. `order` is that of the
 * layout's tool, for the result.
 */
export function withRecorded(
  migrations: readonly Migration[],
  recorded: readonly RecordedDown[],
  order: Order,
): RecordedMigrations {
  const texts = new Map<string, DownText>()
  const known = migrations.map((migration): Migration => {
    const row = recorded.find(({ version }) => version === migration.version)
    const same = { from: 'file', file: undefined, recorded: undefined } as const
    if (row === undefined) {
      texts.set(migration.version, { ...same, why: 'our journal does not have what was applied' })
      return migration
    }
    if (row.down?.checksum === migration.down?.checksum) {
      texts.set(migration.version, { ...same, why: 'it is what was applied' })
      return migration
    }
    if (row.down === undefined) {
      texts.set(migration.version, { ...same, why: 'there was no down when it was applied' })
      return migration
    }
    const why =
      migration.down === undefined
        ? 'this checkout has no down for it'
        : 'the file in this checkout differs from what was applied'
    texts.set(migration.version, {
      from: 'journal',
      why,
      file: plain(migration.down),
      recorded: plain(row.down),
    })
    return { ...migration, down: row.down }
  })
  const gone = recorded.filter(({ version }) => !migrations.some((one) => one.version === version))
  for (const { version, down } of gone) {
    const why = 'this checkout has no file for it'
    texts.set(version, { from: 'journal', why, file: undefined, recorded: plain(down) })
  }
  const added = gone.map(migrationOf)
  return { migrations: added.length === 0 ? known : [...known, ...added].toSorted(order), texts }
}

const migrationOf = ({ version, id, down }: RecordedDown): Migration => ({
  id,
  version,
  name: id.startsWith(version) ? id.slice(version.length).replace(/^[_.-]+/, '') : id,
  kind: 'schema',
  up: undefined,
  down,
  code: undefined,
  irreversible: undefined,
})

const plain = (script: Script | undefined): string | undefined =>
  script?.messages
    .map(({ text }) => withoutLiterals(text))
    .join('\n')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
