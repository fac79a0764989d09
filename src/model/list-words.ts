// A list in a sentence, cut to a readable length.
const MOST_NAMED = 5

/** The first entries, and how many more there are. */
export function firstFew(names: readonly string[], separator = ', '): string {
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(separator)}${more > 0 ? `${separator}and ${more} more` : ''}`
}
