// Groups facts by a key, in the order of their first members.

/** Key and members of each group; none is empty. */
export function groupedBy<T>(
  all: readonly T[],
  keyOf: (one: T) => string,
): readonly (readonly [key: string, members: readonly [T, ...T[]]])[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const one of all) {
    const known = groups.get(keyOf(one))
    if (known === undefined) groups.set(keyOf(one), [one])
    else known.push(one)
  }
  return [...groups]
}
