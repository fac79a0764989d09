// Which layout a folder is in, and how that was seen.
import type { LayoutName } from '../core/migration.js'
import type { SourceFile } from '../core/source.js'
import { layouts } from './index.js'
import type { Layout } from './layout.js'

/** `alternatives` are layouts that fit some of the files too, best first. */
export type Detected = {
  readonly layout: Layout
  readonly reason: string
  readonly alternatives: readonly { readonly layout: LayoutName; readonly reason: string }[]
}

/** The layout of most files of a folder; undefined when no file is a migration in any. */
export function detectLayout(files: readonly SourceFile[]): Detected | undefined {
  const [best, ...others] = layouts
    .map((layout) => ({ layout, ...layout.recognise(files) }))
    .filter(({ migrations }) => migrations > 0)
    .sort((a, b) => b.migrations - a.migrations)
  if (best === undefined) return undefined
  return {
    layout: best.layout,
    reason: best.reason,
    alternatives: others.map(({ layout, reason }) => ({ layout: layout.name, reason })),
  }
}

/** The layout that the config names. */
export function layoutNamed(name: LayoutName): Layout {
  const layout = layouts.find((candidate) => candidate.name === name)
  if (layout === undefined) throw new Error(`no layout ${name}`)
  return layout
}
