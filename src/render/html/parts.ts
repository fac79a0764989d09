// One finding and one migration of the HTML report, and the escapes: foreign text is shown and does nothing.
import type { Difference } from '../../catalog/difference.js'
import { LEVELS } from '../../model/finding.js'
import type { Place } from '../../model/source.js'
import type { DatabaseReport, MigrationReport, OnlineWay, Report } from '../../report/check-report.js'
import { wayWords } from '../../report/online-way.js'
import { differenceTitle, showDifference } from '../words/difference.js'
import { count, duration, pageOf, placeText } from '../words/format.js'
import { failureText, headline, otherPlaces, type Entry, type Evidence, type Group } from '../words/problems.js'
import { isBad, stateOf } from '../words/check.js'
import { schemaEffects } from '../words/effects.js'
import { oneLine, visible } from '../words/escape.js'

export const LEVEL_CLASS = { error: 'bad', warning: 'warn', note: 'dim' } as const

export function findingHtml({ database, migration }: Group, entry: Entry): string {
  const { finding, evidence, way } = entry
  const { rule, level, place, why, fix, message } = finding
  const write = (one: Place): string => code(placeText(one))
  const others = otherPlaces(entry, { most: Infinity, write })
  const places = [...(place === undefined ? [] : [write(place)]), ...(others === '' ? [] : [others])]
  const text = [database, migration ?? '', rule, message, ...(place === undefined ? [] : [place.file])].join(' ')
  return [
    `<article class="finding ${level}" data-level="${level}" data-database="${html(database)}" data-text="${html(text)}">`,
    `<h3><span class="level ${LEVEL_CLASS[level]}">${level}</span> ${code(`${database} ${migration ?? ''}`.trim())} ${html(headline(entry))}</h3>`,
    `<p class="dim">${[...places, `${code(rule)}, ${html(pageOf(rule))}`].join(' · ')}</p>`,
    ...(why === '' ? [] : [`<p>${html(why)}</p>`]),
    ...evidence.map(evidenceHtml),
    ...(way === undefined ? fixHtml(fix) : wayHtml(way)),
    '</article>',
  ].join('\n')
}

function fixHtml(fix: string): readonly string[] {
  if (fix === '') return []
  return fix.includes('\n') ? ['<p>Fix:</p>', codeBlock(fix)] : [`<p>Fix: ${html(fix)}</p>`]
}

/** One block of code for each file. */
const wayHtml = (way: OnlineWay): readonly string[] => [
  `<p>${wayWords(way).map(html).join(' ')}</p>`,
  ...way.files.map(({ path, text }) => `<p>${code(path)}</p>${codeBlock(text)}`),
]

function evidenceHtml(evidence: Evidence): string {
  if (evidence.kind === 'differences') {
    return `<p>Compared with ${html(evidence.against)}:</p>${differencesHtml(evidence.differences)}`
  }
  return codeBlock(failureText(evidence.failure).join('\n'))
}

const MOST_DIFFERENCES = 200

/** The definitions on both sides, object by object, each line with its sign: colour alone is not enough. */
function differencesHtml(differences: readonly Difference[]): string {
  const shown = differences.slice(0, MOST_DIFFERENCES).map(showDifference)
  const parts = shown.map(
    (one) => `<b>${html(differenceTitle(one))}</b>${one.lines.map(({ sign, text }) => sideHtml(sign, text)).join('')}`,
  )
  const more = differences.length - shown.length
  return `<pre tabindex="0">${parts.join('')}${more > 0 ? `<b>and ${count(more)} more, in the JSON report</b>` : ''}</pre>`
}

function sideHtml(sign: '-' | '+' | ' ', text: string): string {
  const shown = `${sign} ${multilineHtml(text)}`
  if (sign === ' ') return `${shown}\n`
  return sign === '+' ? `<ins>${shown}</ins>` : `<del>${shown}</del>`
}

/** A migration as an element that opens to its proof, effects, differences and SQL, as far as the report has them. */
export function migrationHtml(report: Report, database: DatabaseReport, migration: MigrationReport): string {
  const { id, proof, does = [], sql, files, touched } = migration
  const state = stateOf(migration)
  const levels = report.findings
    .filter((f) => f.database === database.name && f.migration === id)
    .map(({ level }) => level)
  const worst = LEVELS.find((level) => levels.includes(level)) ?? 'none'
  const effects = schemaEffects(does).map(
    ({ verb, name, detail }) =>
      `<li>${html(verb)} ${code(name)}${detail === undefined ? '' : `: ${code(detail)}`}</li>`,
  )
  const title = `${code(id)} <span class="${isBad(state) ? 'bad' : 'dim'}">${html(state)}</span>${touched === undefined ? '' : ` <strong>${touched}</strong>`}`
  const parts = [
    ...(proof === undefined
      ? []
      : [`<p>up ${proof.up} · down ${proof.down} · again ${proof.again} · ${duration(proof.milliseconds)}</p>`]),
    `<p class="dim">${files.map(code).join(' · ')}</p>`,
    ...(effects.length === 0 ? [] : [`<ul>${effects.join('')}</ul>`]),
    ...(proof === undefined || proof.differences.length === 0
      ? []
      : ['<p>After the down, compared with the state before the up:</p>', differencesHtml(proof.differences)]),
    ...(proof === undefined || proof.againDifferences.length === 0
      ? []
      : [
          '<p>After the second up, compared with the state after the first up:</p>',
          differencesHtml(proof.againDifferences),
        ]),
    ...(sql === undefined
      ? []
      : [
          `<div class="columns"><div><p>up</p>${codeBlock(sql.up)}</div><div><p>down</p>${sql.down === undefined ? '<p>none</p>' : codeBlock(sql.down)}</div></div>`,
        ]),
  ]
  const text = [database.name, id, state, ...files].join(' ')
  return `<li data-level="${worst}" data-database="${html(database.name)}" data-text="${html(text)}"><details><summary>${title}</summary>${parts.join('\n')}</details></li>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => ENTITIES[found] ?? found)

/** Text of an element, or of an attribute in quotes, on one line. */
export const html = (text: string): string => escaped(oneLine(text))

/** As `html`, with its line feeds. */
const multilineHtml = (text: string): string => escaped(visible(text))

export const code = (text: string): string => `<code>${html(text)}</code>`
const codeBlock = (text: string): string => `<pre tabindex="0">${multilineHtml(text.replace(/\n+$/, ''))}</pre>`
