// Folders of tools that are not read here: what they are, and what to do.
import type { SourceFile } from '../../model/source.js'
import { halvesAmong, type Halves } from './halves.js'
import { foreignTool, foreignWords, markedFor } from '../markers.js'

/** The folder "holds migrations of <whose>". */
export type ForeignFolder = { readonly whose: string; readonly fix: string }

const EXAMPLE = '00001_name.up.sql, 00001_name.down.sql'
const BOTH = `keep each direction in a file of its own (${EXAMPLE})`

/** The tool that most SQL files of a folder are for, or whose own list of migrations lies in it; undefined for none. */
export function foreignFolder(files: readonly SourceFile[]): ForeignFolder | undefined {
  const sql = files.filter(({ name }) => name.endsWith('.sql'))
  const list = files.flatMap((file) => listOf(file) ?? [])[0]
  if (list !== undefined && !sql.some(isReadHere)) return list
  const halves = sql.some(({ name }) => !name.includes('/')) ? undefined : halvesAmong(foldersOf(files))
  if (halves !== undefined) return inTwoFolders(halves, false)
  const tools = sql.flatMap(({ text }) => foreignTool(text) ?? [])
  const [tool] = tools
  if (tool === undefined || tools.length * 2 < sql.length) return undefined
  return { whose: foreignWords(tool), fix: BOTH }
}

function foldersOf(files: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>()
  for (const [folder, name, deeper] of files.map((file) => file.name.split('/'))) {
    if (folder === undefined || name === undefined || deeper !== undefined) continue
    folders.set(folder, [...(folders.get(folder) ?? []), name])
  }
  return folders
}

const isReadHere = ({ name, text }: SourceFile): boolean =>
  /[._-](?:up|down)\.sql$/.test(name) || markedFor(text) !== undefined

/** Files that say in which order a tool runs others. */
function listOf({ name, text }: SourceFile): ForeignFolder | undefined {
  if (name === 'sqitch.plan' && /^%(?:syntax-version|project)=/m.test(text)) return SQITCH
  const isChangelog =
    (/\.xml$/i.test(name) && /<databaseChangeLog\b/.test(text)) ||
    (/\.ya?ml$/i.test(name) && /^databaseChangeLog:/m.test(text)) ||
    (/\.json$/i.test(name) && /^\s*\{\s*"databaseChangeLog"\s*:/.test(text))
  return isChangelog && !name.includes('/')
    ? { whose: `Liquibase, whose changelog ${name} says what runs and how it is rolled back`, fix: BOTH }
    : undefined
}

/** Of a chain in two folders; `plan`: whether Sqitch's plan is beside them. */
export const inTwoFolders = ({ up, down }: Halves, plan: boolean): ForeignFolder =>
  plan
    ? SQITCH
    : {
        whose: `a chain in two folders, ${up} for the ups and ${down} for the downs`,
        fix: `move both into one folder: ${EXAMPLE}`,
      }

const SQITCH: ForeignFolder = {
  whose:
    'Sqitch, whose sqitch.plan says what runs in which order, with deploy, revert and verify in folders of their own',
  fix: BOTH,
}
