// The files of a new migration: as its tool writes them, or a seed that is a module. Pure.
import { commented } from '../../tools/new-text.js'
import type { NewFile, NewScript, Tool } from '../../tools/tool.js'
import type { NewName } from './file-names.js'

/** One file or two. In a module the scripts are comments alone. */
export function newFiles(options: {
  readonly tool: Tool
  readonly name: NewName
  readonly up: NewScript
  readonly down: NewScript
}): readonly NewFile[] {
  const { tool, name, up, down } = options
  if (name.language === 'module') return [{ path: name.up, text: moduleText(up, down) }]
  return tool.create.files(name, up, down)
}

const moduleText = (up: NewScript, down: NewScript): string => `${exported('up', up)}\n${exported('down', down)}`

const exported = (direction: 'up' | 'down', { comments }: NewScript): string =>
  `${commented(comments, '//')}export async function ${direction}({ query }) {}\n`
