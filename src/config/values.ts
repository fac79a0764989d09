// The kinds of values in the config file that have a format: paths, names, sizes, windows, waivers.
import { CONFIG_WAIVER_FORM, parseWaiver, type Waiver } from '../model/waiver.js'
import { isZone, parseWindow, WINDOW_FORM, type Window } from '../model/deploy-windows.js'
import { didYouMean } from '../model/did-you-mean.js'
import { text, type Shape } from '../schema/shape.js'

/** Any text but an empty one. `values` describes it. */
export const words = (values: string): Shape<string> =>
  text({ values, accept: (written) => (written.trim() === '' ? { wrong: 'is empty' } : { value: written }) })

/** A path from the repository root, with `/`. It may not leave the repository: a pull request can change the config file. */
export const path = (values: string): Shape<string> =>
  text({
    values,
    accept: (written) => {
      const parts = written.split('/').filter((part) => part !== '' && part !== '.')
      if (written.startsWith('/') || parts.includes('..')) {
        return { wrong: `"${written}" is outside of the repository; write a path from its root` }
      }
      return parts.length === 0 && !written.includes('.') ? { wrong: 'is empty' } : { value: parts.join('/') || '.' }
    },
  })

/** A JavaScript regular expression, kept as its text. */
export const regularExpression: Shape<string> = text({
  values: 'regular expression',
  schema: { format: 'regex' },
  accept: (written) => {
    try {
      new RegExp(written)
      return { value: written }
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /s, '') : ''
      return { wrong: `not a regular expression: ${reason.toLowerCase()}` }
    }
  },
})

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The name of an environment variable. An invalid value is never printed: it may be a connection string. */
export const variableName: Shape<string> = text({
  values: 'name of an environment variable',
  schema: { pattern: VARIABLE.source },
  accept: (written) => {
    if (VARIABLE.test(written)) return { value: written }
    const connection = /:\/\/|@|(?:host|hostaddr|user|password|dbname|port)\s*=/i.test(written)
    const wrong = connection
      ? 'looks like a connection string; put it into an environment variable (a secret) and write the name of that variable here'
      : 'is not the name of an environment variable (letters, digits and _)'
    return { wrong }
  },
})

/** A whole number in bounds, both included. */
export const integer = (options: {
  readonly what: string
  readonly from: number
  readonly to: number
}): Shape<number> => {
  const { what, from, to } = options
  return text({
    values: `number from ${from} to ${to}`,
    schema: { type: 'integer', minimum: from, maximum: to },
    accept: (written) => {
      const value = /^\d{1,9}$/.test(written.trim()) ? Number(written) : Number.NaN
      const wrong = `"${written}" is not a valid ${what}; write a whole number from ${from} to ${to}`
      return value >= from && value <= to ? { value } : { wrong }
    },
  })
}

const SIZE = /^(\d+(?:\.\d+)?) ?(B|kB|MB|GB|KiB|MiB|GiB)?$/
const UNITS = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const
const isUnit = (text: string): text is keyof typeof UNITS => Object.hasOwn(UNITS, text)

/** A number of bytes, with or without a unit. */
export const size: Shape<number> = text({
  values: 'size (`500 kB`, `1 MiB`)',
  schema: { type: ['string', 'integer'], pattern: SIZE.source, minimum: 1 },
  accept: (written) => {
    const [, number, unit = 'B'] = SIZE.exec(written.trim()) ?? []
    const bytes = number === undefined || !isUnit(unit) ? 0 : Math.round(Number(number) * UNITS[unit])
    const wrong = `"${written}" is not a size; write a number and one of ${Object.keys(UNITS).join(', ')}`
    return bytes > 0 ? { value: bytes } : { wrong }
  },
})

/** Days and hours in a time zone. */
export const window: Shape<Window> = text({
  values: 'window',
  accept: (written) => {
    const parsed = parseWindow(written)
    return 'wrong' in parsed ? { wrong: `${parsed.wrong}; write it like this: ${WINDOW_FORM}` } : { value: parsed }
  },
})

/** A time zone, as PostgreSQL and the IANA database name it. */
export const timeZone: Shape<string> = text({
  values: 'time zone',
  accept: (written) =>
    /^[A-Za-z][A-Za-z0-9_+/-]*$/.test(written) && isZone(written)
      ? { value: written }
      : { wrong: `"${written}" is not a time zone; write a name such as Europe/Berlin` },
})

/** A sentence that accepts findings of a rule. */
export const waiver = (rules: readonly string[]): Shape<Waiver> =>
  text({
    values: 'waiver',
    accept: (written) => {
      const parsed = parseWaiver(written)
      if ('wrong' in parsed) return { wrong: `${parsed.wrong}; write: ${CONFIG_WAIVER_FORM}` }
      if (rules.includes(parsed.rule)) return { value: parsed }
      return { wrong: `there is no rule "${parsed.rule}"${didYouMean(parsed.rule, rules)}` }
    },
  })
