// Which layout a folder is in, and how that was seen.
import type { LayoutName } from '../model/migration.js'
import type { SourceFile } from '../model/source.js'
import type { Layout } from './tool-files.js'
import { dbmate } from './dbmate/files.js'
import { directories } from './directories/files.js'
import { goose } from './goose/files.js'
import { pairs } from './pairs/files.js'
import { sqlMigrate } from './sql-migrate/files.js'

export type Detected = { readonly layout: Layout; readonly reason: string }

/** The layout of most files of a folder; undefined when no file is a migration in any. */
export function detectLayout(files: readonly SourceFile[]): Detected | undefined {
  let best: (Detected & { readonly migrations: number }) | undefined
  for (const layout of layouts) {
    const { migrations, reason } = layout.recognise(files)
    if (migrations > (best?.migrations ?? 0)) best = { layout, reason, migrations }
    // No layout makes more migrations than there are files.
    if (migrations >= files.length) break
  }
  return best && { layout: best.layout, reason: best.reason }
}

/** The layout that the config names. */
export function layoutNamed(name: LayoutName): Layout {
  const layout = layouts.find((candidate) => candidate.name === name)
  if (layout === undefined) throw new Error(`no layout ${name}`)
  return layout
}

// All layouts. Those whose files carry markers come first: a marker says more than a name.
export const layouts: readonly Layout[] = [goose, sqlMigrate, dbmate, directories, pairs]
