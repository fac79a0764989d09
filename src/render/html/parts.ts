// One finding and one migration of the HTML report.
import type { Difference } from '../../catalog/difference.js'
import { LEVELS } from '../../model/finding.js'
import type { DatabaseReport, MigrationReport, Report } from '../../report/check-report.js'
import { tell } from '../words/difference.js'
import { count, duration } from '../words/format.js'
import { block, code, html, lines } from './text.js'
import { pageOf, placeText } from '../words/place.js'
import { headline, type Entry, type Evidence, type Group } from '../words/problems.js'
import { isBad, stateOf } from '../words/check.js'
import { deedsOf } from '../words/effects.js'

const LEVEL_CLASS = { error: 'bad', warning: 'warn', note: 'dim' } as const

export function findingHtml({ database, migration }: Group, entry: Entry): string {
  const { finding, also, evidence } = entry
  const { rule, level, place, why, fix, message } = finding
  const places = [...(place === undefined ? [] : [place]), ...also].map((one) => code(placeText(one)))
  const text = [database, migration ?? '', rule, message, ...(place === undefined ? [] : [place.file])].join(' ')
  return [
    `<article class="finding ${level}" data-level="${level}" data-database="${html(database)}" data-text="${html(text)}">`,
    `<h3><span class="level ${LEVEL_CLASS[level]}">${level}</span> ${code(`${database} ${migration ?? ''}`.trim())} ${html(headline(entry))}</h3>`,
    `<p class="dim">${[...places, `${code(rule)}, ${html(pageOf(rule))}`].join(' · ')}</p>`,
    ...(why === '' ? [] : [`<p>${html(why)}</p>`]),
    ...evidence.map(evidenceHtml),
    ...(fix === '' ? [] : fix.includes('\n') ? ['<p>Fix:</p>', block(fix)] : [`<p>Fix: ${html(fix)}</p>`]),
    '</article>',
  ].join('\n')
}

function evidenceHtml(evidence: Evidence): string {
  if (evidence.kind === 'differences') {
    return `<p>Compared with ${html(evidence.against)}:</p>${differencesHtml(evidence.differences)}`
  }
  const { direction, message, sqlstate, detail, hint, environment, place, line } = evidence.failure
  const said = [
    `${direction} failed: ${message}${sqlstate === '' ? '' : ` (SQLSTATE ${sqlstate})`}`,
    ...(detail === undefined ? [] : [`detail: ${detail}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
    ...(environment === undefined ? [] : [`not the migration's fault: ${environment}`]),
    ...(place === undefined || line === undefined ? [] : [`${placeText(place)}: ${line.trim()}`]),
  ]
  return block(said.join('\n'))
}

const MOST_DIFFERENCES = 200

/** The schema on both sides, object by object. Signs stand in front: colour alone says nothing. */
function differencesHtml(differences: readonly Difference[]): string {
  const told = differences.slice(0, MOST_DIFFERENCES).map((difference) => {
    const { change, name, parent, lines: sides } = tell(difference)
    const head = `<b>${html(`${change} ${name}${parent === undefined ? '' : ` of ${parent}`}`)}</b>`
    return `${head}${sides.map(({ sign, text }) => sideHtml(sign, text)).join('')}`
  })
  const more = differences.length - told.length
  return `<pre tabindex="0">${told.join('')}${more > 0 ? `<b>and ${count(more)} more, in the JSON report</b>` : ''}</pre>`
}

function sideHtml(sign: '-' | '+' | ' ', text: string): string {
  const shown = `${sign} ${lines(text)}`
  if (sign === ' ') return `${shown}\n`
  return sign === '+' ? `<ins>${shown}</ins>` : `<del>${shown}</del>`
}

/** Opens to what it does, what was compared and its SQL, as far as the report knows them. */
export function migrationHtml(report: Report, database: DatabaseReport, migration: MigrationReport): string {
  const { id, proof, does = [], sql, files, touched } = migration
  const state = stateOf(migration)
  const levels = report.findings
    .filter((f) => f.database === database.name && f.migration === id)
    .map(({ level }) => level)
  const worst = LEVELS.find((level) => levels.includes(level)) ?? 'none'
  const deeds = deedsOf(does).map(
    ({ verb, name, detail }) =>
      `<li>${html(verb)} ${code(name)}${detail === undefined ? '' : `: ${code(detail)}`}</li>`,
  )
  const title = `${code(id)} <span class="${isBad(state) ? 'bad' : 'dim'}">${html(state)}</span>${touched === undefined ? '' : ` <strong>${touched}</strong>`}`
  const parts = [
    ...(proof === undefined
      ? []
      : [`<p>up ${proof.up} · down ${proof.down} · again ${proof.again} · ${duration(proof.milliseconds)}</p>`]),
    `<p class="dim">${files.map(code).join(' · ')}</p>`,
    ...(deeds.length === 0 ? [] : [`<ul>${deeds.join('')}</ul>`]),
    ...(proof === undefined || proof.differences.length === 0
      ? []
      : ['<p>After the down, compared with before the up:</p>', differencesHtml(proof.differences)]),
    ...(proof === undefined || proof.againDifferences.length === 0
      ? []
      : ['<p>After the second up, compared with the first:</p>', differencesHtml(proof.againDifferences)]),
    ...(sql === undefined
      ? []
      : [
          `<div class="columns"><div><p>up</p>${block(sql.up)}</div><div><p>down</p>${sql.down === undefined ? '<p>none</p>' : block(sql.down)}</div></div>`,
        ]),
  ]
  const text = [database.name, id, state, ...files].join(' ')
  return `<li data-level="${worst}" data-database="${html(database.name)}" data-text="${html(text)}"><details><summary>${title}</summary>${parts.join('\n')}</details></li>`
}
