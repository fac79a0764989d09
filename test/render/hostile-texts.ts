// Two hundred texts with which an attacker could try to get more out of a page than words.
import { HOSTILE } from './reports.js'

const TRICKS = [
  '@octocat',
  '@org/team',
  '#1',
  'org/repo#2',
  'GH-3',
  'https://evil.example',
  'www.evil.example',
  'javascript:alert(1)',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<a href="https://evil.example">click</a>',
  '<!-- hidden',
  '-->',
  '</details>',
  '</code></pre>',
  '</td></tr></table>',
  '<details open>',
  '<input type=checkbox checked>',
  '[click](https://evil.example)',
  '![img](https://evil.example/x.png)',
  '[ref]: https://evil.example',
  '<https://evil.example>',
  '**bold** __bold__ *em*',
  '~~gone~~',
  '```\nfence\n```',
  '````sql\nlonger\n````',
  '~~~\ntildes\n~~~',
  '$`math`$ $$x$$',
  ':white_check_mark:',
  '| cell | cell |',
  '\\| \\` \\*',
] as const

const PLACES: readonly ((trick: string) => string)[] = [
  (trick) => trick,
  (trick) => `drop ${trick} table`,
  (trick) => `\`${trick}`,
  (trick) => `a|${trick}|b`,
  (trick) => `first\n${trick}\nlast`,
  (trick) => `\u202e${trick}\u2066\u200b`,
  (trick) => `\u001b[31m${trick}\u0000\r::error::x`,
]

/** Every trick in every place, and the samples that all surfaces are tried with. */
export const hostileTexts = (): readonly string[] => [
  ...Object.values(HOSTILE),
  ...TRICKS.flatMap((trick) => PLACES.map((place) => place(trick))),
]
