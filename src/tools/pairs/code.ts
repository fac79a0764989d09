// Files of a pairs folder that are not SQL: code migrations, and endings that golang-migrate runs as SQL.
import type { Problem } from '../../model/finding.js'
import type { SourceFile } from '../../model/source.js'
import { versionKey } from '../../model/version.js'
import { otherKind, type PassedOver } from '../ignored.js'
import { parsePairName } from './name.js'
import type { Side } from './direction.js'

export type CodeFile = {
  readonly file: SourceFile
  readonly version: string
  readonly name: string
  readonly id: string
}

const CODE = /(?<!\.d|[._-]test|\.spec)\.(?:go|[cm]?[jt]s|py|rb)$/

/**
 * `taken` are the versions that SQL files have. A code file of such a version is skipped, unless it is the direction
 * that its SQL lacks. Then it is in `halves`, by the version's key.
 */
export function codeFiles(options: {
  readonly files: readonly SourceFile[]
  readonly taken: ReadonlySet<string>
  readonly sides: readonly Side[]
}): {
  readonly migrations: readonly CodeFile[]
  readonly halves: ReadonlyMap<string, SourceFile>
  readonly passedOver: readonly PassedOver[]
  readonly problems: readonly Problem[]
} {
  const migrations: CodeFile[] = []
  const passedOver: PassedOver[] = []
  const problems: Problem[] = []
  const taken = new Set(options.taken)
  const halves = new Map<string, SourceFile>()
  for (const file of options.files) {
    const code = CODE.test(file.name) ? parsePairName(file.name.replace(CODE, '.sql')) : undefined
    const sqlLike = /^([0-9]+)_.*\.(up|down)\./.exec(file.name)
    const half = code?.readings.find(({ certain }) => certain)
    const own = code === undefined ? [] : options.sides.filter(({ key }) => key === versionKey(code.version))
    if (code !== undefined && half !== undefined && own.length === 1 && own[0]?.direction !== half.direction)
      halves.set(versionKey(code.version), file)
    else if (code !== undefined && !taken.has(versionKey(code.version))) {
      taken.add(versionKey(code.version))
      migrations.push({ file, version: code.version, name: half?.name ?? code.name, id: half?.id ?? code.id })
    } else if (sqlLike === null) passedOver.push(otherKind(file))
    else {
      const key = versionKey(sqlLike[1] ?? '')
      const twin = options.sides.find((side) => side.key === key && side.direction === sqlLike[2])
      if (twin !== undefined) problems.push(secondFile(file, twin))
      passedOver.push({ file, reason: 'not a .sql file; golang-migrate would run it with any ending' })
    }
  }
  return { migrations, halves, passedOver, problems }
}

const secondFile = (file: SourceFile, twin: Side): Problem => ({
  rule: 'duplicate-version',
  migration: twin.id,
  place: { file: file.path, line: 1, column: 1 },
  message: `version ${twin.parsed.version} is taken twice: ${twin.file.path} and ${file.path}`,
  why: 'golang-migrate looks at ".up." and ".down." and not at the ending, so it refuses the folder for every command.',
  fix: `Delete ${file.name}, or move it out of the folder.`,
})
