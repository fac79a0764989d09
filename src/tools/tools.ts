// The list of tools, and which of them a folder is for: a new one is a folder with its tool.ts, and a line here.
import type { LayoutName } from '../model/migration.js'
import { dbmate } from './dbmate/tool.js'
import { directories } from './directories/tool.js'
import { goose } from './goose/tool.js'
import { pairs } from './pairs/tool.js'
import { sqlMigrate } from './sql-migrate/tool.js'
import type { Tool } from './tool.js'
import type { SourceFile } from '../model/source.js'

/** The first tool that knows most files of a folder reads it. Markers in files prove more than names do. */
export const tools: readonly Tool[] = [goose, sqlMigrate, dbmate, directories, pairs]

/** The tool for a folder without any migration. */
export const DEFAULT_TOOL: Tool = pairs

/** The tool whose layout the config or a report names. */
export function toolNamed(name: LayoutName): Tool {
  const tool = tools.find((candidate) => candidate.name === name)
  if (tool === undefined) throw new Error(`no layout ${name}`)
  return tool
}

/** The tool whose layout a folder has, and the evidence for it. */
export type Detected = { readonly layout: Tool; readonly reason: string }

/** The layout of most files of a folder; undefined when no file is a migration in any. */
export function detectLayout(files: readonly SourceFile[]): Detected | undefined {
  let best: (Detected & { readonly migrations: number }) | undefined
  for (const layout of tools) {
    const { migrations, reason } = layout.files.recognise(files)
    if (migrations > (best?.migrations ?? 0)) best = { layout, reason, migrations }
    // No layout has more migrations than files.
    if (migrations >= files.length) break
  }
  return best && { layout: best.layout, reason: best.reason }
}
