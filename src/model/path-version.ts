// The version that a file of a migration folder has, by its path alone.

/** Flyway's numbers (`1.2__x`), a date with dashes and what follows of a time, or digits. */
const VERSION =
  /^[A-Za-z]{0,2}(\d+(?:[._]\d+)*(?=__)|\d{4}(?:-\d{2}){2}(?:[-T_]\d{2}[-:]?\d{2}(?:[-:]?\d{2})?(?:-\d{4})?)?(?!\d)|\d+)/

/** A folder of a chain that is spread over numbered ones: the first part of the version. */
const NUMBERED = /^v?(\d+(?:[._]\d+)*)$/i

/** The number in front of the file's (or its folder's) name; undefined outside of the folder and without a number. */
export function versionInPath(path: string, folder: string): string | undefined {
  const prefix = folder === '.' ? '' : `${folder}/`
  if (!path.startsWith(prefix)) return undefined
  const [name = '', below] = path.slice(prefix.length).split('/')
  if (name === 'seeds') return undefined
  const inside = below === undefined ? undefined : VERSION.exec(below)?.[1]
  const number = NUMBERED.exec(name)?.[1]
  return number !== undefined && inside !== undefined ? `${number}.${inside}` : VERSION.exec(name)?.[1]
}
