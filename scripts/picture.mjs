// Turns the coloured output of a command (stdin) into a picture of a terminal (stdout, SVG that needs nothing else).
//   npm run bundle && node dist/cli.js check migrations examples/broken/downs --color always |
//     node scripts/picture.mjs --lines 40 --command 'pg-migration-gate check migrations examples/broken/downs' > docs/picture.svg
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import stringWidth from 'fast-string-width'

const CELL = { width: 8.4, height: 20, size: 14 }
const PAD = 20
const BAR = 38
const THEME = {
  ground: '#0d1117',
  bar: '#161b22',
  border: '#9da7b3',
  text: '#e6edf3',
  dim: '#8b949e',
  title: '#9da7b3',
}
/** SGR colours 30 to 37, and 90 to 97. */
const COLOURS = ['#6e7681', '#ff7b72', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#e6edf3']

/** Lines as runs of text in one style. Every escape sequence but colours is dropped. */
function parse(text) {
  let style = {}
  return text.split('\n').map((line) => {
    const runs = []
    for (const part of line.split(/(\u001b\[[0-9;?]*[A-Za-z])/)) {
      const codes = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1]
      if (codes !== undefined) for (const code of codes.split(';')) style = restyle(style, Number(code))
      else if (!part.startsWith('\u001b') && part !== '') runs.push({ text: part.replaceAll('\t', '    '), style })
    }
    return runs
  })
}

function restyle(style, code) {
  if (code === 0) return {}
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 22) return { ...style, bold: false, dim: false }
  if (code === 39) return { ...style, colour: undefined }
  const colour = COLOURS[code >= 90 ? code - 90 : code - 30]
  return colour === undefined ? style : { ...style, colour }
}

/** Wraps lines that are wider than the terminal, as a terminal does. */
function wrap(runs, columns) {
  const lines = [[]]
  let used = 0
  for (const { text, style } of runs) {
    let kept = ''
    for (const character of text) {
      const width = stringWidth(character)
      if (used + width > columns) {
        if (kept !== '') lines.at(-1).push({ text: kept, style })
        lines.push([])
        kept = ''
        used = 0
      }
      kept += character
      used += width
    }
    if (kept !== '') lines.at(-1).push({ text: kept, style })
  }
  return lines
}

/** The first lines up to a heading, and the last, with a word about what is between them. */
function crop(lines, limit) {
  if (lines.length <= limit) return lines
  const starts = (runs) => runs.length > 0 && !runs[0].text.startsWith(' ')
  const heading = lines.findLastIndex((runs, i) => i <= limit - 3 && i > limit / 2 && starts(runs))
  const head = lines.slice(0, heading > 0 ? heading : limit - 3)
  const left = lines.length - head.length - 1
  return [...head, [{ text: `⋯ ${left} more lines ⋯`, style: { dim: true } }], [], ...lines.slice(-1)]
}

const escape = (text) =>
  text
    .replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '')

const round = (value) => Number(value.toFixed(2))

/** Places each piece between wide gaps at its column, with exactly its width, in any font of the viewer. */
function lineSvg(runs, y) {
  let column = 0
  return runs.flatMap(({ text, style }) =>
    text.split(/( {2,})/).flatMap((piece) => {
      const start = column + (piece.length - piece.trimStart().length)
      column += stringWidth(piece)
      const shown = piece.trim()
      if (shown === '') return []
      const fill = style.colour ?? (style.dim ? THEME.dim : THEME.text)
      const weight = style.bold ? ' font-weight="700"' : ''
      const width = round(stringWidth(shown) * CELL.width)
      const at = round(PAD + start * CELL.width)
      return [`<text x="${at}" y="${y}" fill="${fill}"${weight} textLength="${width}">${escape(shown)}</text>`]
    }),
  )
}

function picture(text, { command, title, columns, limit }) {
  const prompt =
    command === undefined
      ? []
      : [
          [
            { text: '$ ', style: { colour: COLOURS[2] } },
            { text: command, style: { bold: true } },
          ],
        ]
  const body = parse(text.replace(/\n+$/, ''))
  const lines = crop([...prompt, ...body], limit).flatMap((runs) => wrap(runs, columns))
  const used = Math.max(60, ...lines.map((runs) => runs.reduce((sum, run) => sum + stringWidth(run.text), 0)))
  const width = round(used * CELL.width + 2 * PAD)
  const height = BAR + PAD + lines.length * CELL.height + PAD - 6
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, i) => `<circle cx="${22 + i * 20}" cy="${BAR / 2}" r="6" fill="${fill}"/>`,
  )
  const plain = lines.map((runs) => runs.map((run) => run.text).join('')).join('\n')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="description">${escape(plain.replaceAll('\n', '; '))}</desc>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${THEME.ground}" stroke="${THEME.border}"/>`,
    `<path d="M1 ${BAR}V11A10 10 0 0 1 11 1H${width - 11}A10 10 0 0 1 ${width - 1} 11V${BAR}Z" fill="${THEME.bar}"/>`,
    ...dots,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace" font-size="${CELL.size}" xml:space="preserve">`,
    `<text x="${round(width / 2)}" y="${BAR / 2 + 5}" fill="${THEME.title}" text-anchor="middle" font-size="13">${escape(title)}</text>`,
    ...lines.flatMap((runs, i) => lineSvg(runs, BAR + PAD + 10 + i * CELL.height)),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

const { values } = parseArgs({
  options: {
    command: { type: 'string' },
    title: { type: 'string', default: 'pg-migration-gate' },
    columns: { type: 'string', default: '140' },
    lines: { type: 'string', default: '60' },
  },
})
process.stdout.write(
  picture(readFileSync(0, 'utf8'), { ...values, columns: Number(values.columns), limit: Number(values.lines) }),
)
