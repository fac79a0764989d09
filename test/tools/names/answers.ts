// The answers of a tool, and of this program, to one file name.
import type { Stream, Tool } from '../../../src/tools/tool.js'
import { findings } from '../../rules/input.js'
import { FOLDER, options, readFiles } from '../sources.js'

/**
 * `refuses`: the tool stops for every command. `passes over`: it never runs the file, and we name it. `ignores`: it never
 * runs the file, nothing in it suggests a migration, and we say nothing of it.
 */
export type Answer = 'runs' | 'passes over' | 'ignores' | 'refuses'

/** `neighbour` is a file that the tool runs. `kind` is the tool in the config, where several tools read the layout. */
export type Reader = {
  readonly layout: Tool
  readonly neighbour: string
  readonly text: string
  readonly kind?: string
}

const streamOf = ({ layout, neighbour, text, kind }: Reader, name: string): Stream =>
  readFiles(
    layout,
    { [neighbour]: text, [name]: text },
    { config: { ...options().config, history: { kind, table: undefined } } },
  )

/** The name, in the folder, that the first `git mv` of a finding about it leads to. */
export function proposedName(reader: Reader, name: string): string | undefined {
  const path = `${FOLDER}/${name}`
  const { layout, neighbour, text, kind } = reader
  const found = findings({ [neighbour]: text, [name]: text }, { layout: layout.name, history: kind })
  const { fix } = found.find(({ rule, place }) => rule === 'file-name' && place?.file === path) ?? {}
  const to = /^(?:.*\n)?git mv (?:'(?:[^']|'\\'')*'|\S+) (\S+)/.exec(fix ?? '')?.[1]
  const proposed = to?.slice(FOLDER.length + 1)
  // A folder moves with what is in it.
  return proposed?.includes('/') === false && name.includes('/')
    ? `${proposed}/${name.split('/').slice(1).join('/')}`
    : proposed
}

/** What our reader makes of a name beside the neighbour. */
export function ourAnswer(reader: Reader, name: string): Answer {
  const { migrations, leftOut, problems } = streamOf(reader, name)
  const path = `${FOLDER}/${name}`
  const own = leftOut.find(({ file, half }) => file === path || half === path || path.startsWith(`${file}/`))
  const read = migrations.find(({ up, down }) => up?.file === path || down?.file === path)
  const twice = problems.some(({ rule }) => rule === 'duplicate-version')
  // diesel wants an up in each folder. That one has none is an error of its own.
  const withoutUp = reader.layout.name === 'directories' && read !== undefined && read.up === undefined
  if (own?.effect === 'refuses' || twice || withoutUp) return 'refuses'
  if (read !== undefined || own?.effect === 'runs') return 'runs'
  return own === undefined ? 'ignores' : 'passes over'
}
