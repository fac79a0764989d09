// Names that others chose, in commands that are there to be pasted.

/** The text as one word of a POSIX shell, whatever it holds. */
export const shellWord = (text: string): string =>
  /^[\w./@%+:=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
