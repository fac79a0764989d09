// SQL in the strings of a programming language.

/** With backticks, with three quotes, with one quote. An apostrophe in a comment may begin one that is none. */
const STRINGS = /`[^`]*`|"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g

const SQL = /\b(?:CREATE|ALTER|DROP|INSERT|UPDATE|DELETE|TRUNCATE)\b/i

/** The contents of the strings that look like statements. Nothing says which of them run, and in which direction. */
export const sqlInCode = (text: string): readonly string[] =>
  [...text.matchAll(STRINGS)].flatMap(([found]) => {
    const edge = /^(?:"""|''')/.test(found) ? 3 : 1
    const inside = found.slice(edge, -edge)
    return SQL.test(inside) ? [inside] : []
  })
