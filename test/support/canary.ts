// A password that every live database of the tests is reached with, and that nothing may ever show.
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { FORMATS } from '../../src/entry/options/option.js'

/** The servers of the tests trust every login, so it opens nothing; but it is in every address. */
export const CANARY = 'canary-6b1f09e2d7'

/** GitHub's runner hides what is said to it this way, and shows no such line. */
const MASK = /^::add-mask::.*$/gm

/** Throws when a text holds the canary, or one of these passwords. Texts by where they were seen. */
export function refuseSecrets(texts: Readonly<Record<string, string>>, more: readonly string[] = []): void {
  for (const [where, text] of Object.entries(texts)) {
    const shown = text.replaceAll(MASK, '')
    for (const secret of [CANARY, ...more]) {
      const at = shown.indexOf(secret)
      if (at >= 0) throw new Error(`a password is shown in ${where}: ${shown.slice(Math.max(0, at - 200), at + 200)}`)
    }
  }
}

/** Common ones of throw-away servers are shown on purpose outside of production. */
const LONG_ENOUGH = 12

/** Passwords that a program is given in addresses, as its words or its variables. */
export const passwordsOf = (values: readonly string[]): readonly string[] =>
  values
    .flatMap((value) => [
      ...[...value.matchAll(/password='?([^'\s&]+)/g)].map((match) => match[1] ?? ''),
      ...[...value.matchAll(/:\/\/[^/?#\s:]*:([^/?#\s@]+)@/g)].map((match) => match[1] ?? ''),
    ])
    .filter((password) => password.length >= LONG_ENOUGH && password !== 'mysecretpassword')

const OUTPUT = new RegExp(`^(?:${FORMATS.join('|')})=(.+)$`)

/** What a program wrote where its words and variables said, by the names of the files. */
export function writtenBy(options: {
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
}): Readonly<Record<string, string>> {
  const { words, environment, cwd } = options
  const named = [
    ...words.flatMap((word) => OUTPUT.exec(word)?.[1] ?? []),
    ...['GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT'].flatMap((name) => environment[name] ?? []),
  ]
  return Object.fromEntries(
    named
      .map((name) => path.resolve(cwd, name))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
      .map((file) => [file, readFileSync(file, 'utf8')]),
  )
}
