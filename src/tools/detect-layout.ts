// Which tool's layout a folder has, and the evidence for it.
import type { SourceFile } from '../model/source.js'
import type { Tool } from './tool.js'
import { tools } from './tools.js'

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
