// SQL text -> statements with positions, without understanding more of the grammar than where a statement ends.

/**
 * `text` is from the first word to the last character before the semicolon; `start` and `end` are offsets in the source
 * text (UTF-16 units), `end` after the semicolon if there is one; `words` are the first eight words of code, in
 * upper case, without comments.
 */
export type Statement = {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly words: readonly string[]
}
