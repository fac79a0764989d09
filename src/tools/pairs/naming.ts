// Which names of a folder do not follow its convention, and what they should be. The naming of every tool uses this.
import type { Order, Ordered } from '../../model/version.js'
import type { Migration } from '../../model/migration.js'
import type { Misnamed, NamedFolder, NameRules, Naming } from '../../model/tool.js'
import { conventionOf, namesOf, rightName, type Convention, type NameParts } from './naming-convention.js'
import { nextVersions, renumber } from './next-versions.js'

/**
 * `order` is the tool's: a name that leads to another place in it is never proposed. Nor is one that the tool would not
 * run: `runs` says that of the new name of a file or folder, from the old one.
 */
export function namingOf(options: {
  readonly rules: NameRules
  readonly order: Order
  readonly knownBy: Naming['knownBy']
  readonly runs: (name: string, before: string) => boolean
}): Naming {
  const { rules, order, knownBy, runs } = options
  return {
    ...rules,
    knownBy,
    nextVersions: (folder, wanted) => nextVersions(folder, { rules, order, wanted }),
    renumber: (folder, migration, version) => renumber(folder, { rules, runs }, { migration, version }),
    judge: (folder, pattern) => {
      const names = namesOf(folder, rules)
      const right = proposals({ folder, rules, order, runs })
      return pattern === undefined ? outliers(names, rules, right) : unmatched(names, { pattern, rules, right })
    },
  }
}

/** The right name of a file; undefined where it would have another version or place. */
type Proposal = (name: NameParts, convention: Convention) => string | undefined

function outliers(names: readonly NameParts[], rules: NameRules, right: Proposal): readonly Misnamed[] {
  const convention = conventionOf(names, rules)
  return names.flatMap((name): readonly Misnamed[] => {
    const wording = convention.wording(name)
    const fits = convention.fits(name)
    if (fits && wording === 'right') return []
    const about = { ...placeOf(name), wrong: fits && wording === 'other' ? ('words' as const) : ('name' as const) }
    const base = right(name, convention)
    if (base !== undefined) return [{ ...about, right: base }]
    const wanted = `a name with a version written like ${convention.last}`
    return [{ ...about, right: undefined, wanted, version: 'other' }]
  })
}

/** Names against the configured pattern; the style of those that match says what the others should be. */
function unmatched(
  names: readonly NameParts[],
  { pattern, rules, right }: { readonly pattern: RegExp; readonly rules: NameRules; readonly right: Proposal },
): readonly Misnamed[] {
  const matching = names.filter(({ base }) => pattern.test(base))
  const convention = conventionOf(matching, { ...rules, usualForm: true })
  return names
    .filter(({ base }) => !pattern.test(base))
    .map((name): Misnamed => {
      const base = right(name, convention)
      const about = { ...placeOf(name), wrong: 'name' as const }
      if (base !== undefined && pattern.test(base)) return { ...about, right: base }
      return { ...about, right: undefined, wanted: `a name that matches ${pattern.source}`, version: 'same' }
    })
}

const placeOf = ({ file, base, migration }: NameParts): Pick<NameParts, 'file' | 'base' | 'migration'> => ({
  file,
  base,
  migration,
})

function proposals(options: {
  readonly folder: NamedFolder
  readonly rules: NameRules
  readonly order: Order
  readonly runs: (name: string, before: string) => boolean
}): Proposal {
  const { folder, rules, order, runs } = options
  return (name, convention) => {
    const right = rightName(name, convention)
    const migration = folder.migrations.find(({ id }) => id === name.migration)
    if (right === undefined || migration === undefined || !runs(right.base, name.base)) return undefined
    if (right.base !== name.base && folder.files.some((file) => isCalled(file.name, right.base))) return undefined
    const renamed = renamedTo(right, migration, name, rules)
    const others = folder.migrations.filter((one) => one !== migration)
    const stays = others.every((one) => Math.sign(order(renamed, one)) === Math.sign(order(migration, one)))
    const isFree = others.every(({ version }) => version !== renamed.version || version === migration.version)
    return stays && isFree ? right.base : undefined
  }
}

const isCalled = (path: string, base: string): boolean => path.split('/').includes(base)

/** The migration under its new name, as an order sees it. */
function renamedTo(
  { base, version }: { readonly base: string; readonly version: string },
  migration: Migration,
  name: NameParts,
  { named }: NameRules,
): Ordered {
  if (named === 'files') return { id: migration.id, version }
  return {
    id: named === 'folder' ? base : base.replace(/\.sql$/, ''),
    version: migration.version === name.base ? base : version,
  }
}
