// The facts that rules need about the tool of a folder: data and functions. The whole contract of a tool is in
// tools/tool.ts.
import type { Order } from './version.js'
import type { Direction, LayoutName, Migration } from './migration.js'
import type { SourceFile } from './source.js'

export type ToolFacts = {
  readonly name: LayoutName
  /** The tool in a sentence: `goose`, or `the tool` where several tools read such files. */
  readonly title: string
  /** `words` follow "the tool runs files". */
  readonly order: { readonly compare: Order; readonly words: string }
  readonly transactions: TransactionAdvice
  readonly directions: Directions
  readonly naming: Naming
  /** Lines between which `;` at the end of a line does not end a statement; undefined for tools that do not split files. */
  readonly statementBlock: { readonly begin: string; readonly end: string } | undefined
  /**
   * How to keep dollar quotes in these lines (from 1) of a file where the tool changes them before it sends them: a
   * sentence. Undefined where it does not. Left out: the tool changes no line.
   */
  readonly changedQuotes?: (
    text: string,
    lines: { readonly first: number; readonly last: number },
  ) => string | undefined
}

/** The lines for a statement that cannot run in a transaction. Both are lines for the file, or sentences. */
export type TransactionAdvice = {
  /** Makes the tool open no transaction around this direction. */
  readonly leaveOut: (direction: Direction) => string
  /** Gives the statement its own message. */
  readonly alone: string
  /** Whether `leaveOut` does that as well. */
  readonly leaveOutIsAlone: boolean
}

/**
 * The place of the two directions of a migration. `downMarker` is the line that begins the down after the up. `otherFile`
 * is the path of the file of direction `to`; undefined where the name does not determine it.
 */
export type Directions =
  | { readonly in: 'one file'; readonly downMarker: string }
  | { readonly in: 'two files'; readonly otherFile: (path: string, to: Direction) => string | undefined }

/** The form of names. `files`: each direction has a file; `folder`: files have fixed names in a named folder. */
export type NameRules = {
  readonly named: 'file' | 'files' | 'folder'
  /** Whether a folder of fewer than three migrations must use the default form (5 digits, `_`, words). */
  readonly usualForm: boolean
  /** Whether the tool reads the number and ignores the rest of the name. */
  readonly anyGap: boolean
}

/** The migrations of a folder and its files. */
export type NamedFolder = { readonly migrations: readonly Migration[]; readonly files: readonly SourceFile[] }

export type Naming = NameRules & {
  /** Names that differ from the convention of the folder, or from `pattern` (`naming` in the config) where it is set. */
  readonly judge: (folder: NamedFolder, pattern?: RegExp) => readonly Misnamed[]
  /** Why an applied migration must not be renamed, as a sentence without its end; undefined where only the number counts. */
  readonly knownBy: (file: string) => string | undefined
}

/**
 * `base` is the name of the file, or of the folder where that has the name. `words`: every tool accepts the name. `right`
 * has the same version, at the same place of the order. If there is no such name, `wanted` describes the required name,
 * in words that follow "it should be". `version` says whether the version of that name differs.
 */
export type Misnamed = {
  readonly file: string
  readonly base: string
  readonly migration: string
  readonly wrong: 'name' | 'words'
} & (
  | { readonly right: string }
  | { readonly right: undefined; readonly wanted: string; readonly version: 'same' | 'other' }
)
