// The list of tools: a new one is a folder with its tool.ts, and a line here.
import type { LayoutName } from '../model/migration.js'
import { dbmate } from './dbmate/tool.js'
import { directories } from './directories/tool.js'
import { goose } from './goose/tool.js'
import { pairs } from './pairs/tool.js'
import { sqlMigrate } from './sql-migrate/tool.js'
import type { Tool } from './tool.js'

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
