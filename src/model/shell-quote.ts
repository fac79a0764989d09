// Quotes names that users chose, in commands to copy.

/** The text as one word of a POSIX shell, safe for any content. */
export const shellWord = (text: string): string =>
  /^[\w./@%+:=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
