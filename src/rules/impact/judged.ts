// The judged effects of the scripts that were watched, as findings.
import type { Impact } from '../../impact/facts.js'
import { isWaiting, WAITING_RULES, type Effect, type ImpactRule, type JudgedEffect } from '../../impact/judge/effect.js'
import { judge } from '../../impact/judge/judge.js'
import { firstFew } from '../../model/list-words.js'
import type { Direction, Migration } from '../../model/migration.js'
import type { Place } from '../../model/source.js'
import type { ToolFacts } from '../../model/tool.js'
import type { OnlineWay } from '../../report/check-report.js'
import { wayText } from '../../report/online-way.js'
import { once, startIn, statementsOf } from '../read-input.js'
import type { RuleFinding, RuleInput } from '../rule.js'

/** An effect with what it is an effect of. `text`: the statement in the file, without its semicolon. */
export type Judged = {
  readonly effect: JudgedEffect
  readonly impact: Impact
  readonly migration: Migration
  readonly direction: Direction
  readonly tool: ToolFacts
  readonly place: Place | undefined
  readonly text: string | undefined
  /** Where clients wait: the proved way of the migration, and the worst of its effects that do, whose finding has the files. */
  readonly proved: { readonly way: OnlineWay; readonly worst: Effect } | undefined
}

/** Of all migrations that were watched, in order. */
const judgedIn = once((input: RuleInput): readonly Judged[] => {
  const reports = new Map(input.report.migrations.map((report) => [report.id, report]))
  return input.migrations.flatMap((migration) =>
    (['up', 'down'] as const).flatMap((direction) => {
      const { impact: known, online } = reports.get(migration.id) ?? {}
      const impact = known?.[direction]
      if (known === undefined || impact === undefined) return []
      const effects = judge(known, direction)
      const [worst] = effects.filter(isWaiting).toSorted((a, b) => severity(a) - severity(b))
      return effects.map((effect) => {
        const place = effect.place ?? impact.statements.find(({ number }) => number === effect.statement)?.place
        return {
          effect,
          impact,
          migration,
          direction,
          tool: input.tool,
          place: place ?? startIn(migration, direction),
          text: place === undefined ? undefined : textAt(migration, direction, place),
          proved:
            direction === 'up' && online !== undefined && worst !== undefined && isWaiting(effect)
              ? { way: online, worst }
              : undefined,
        }
      })
    }),
  )
})

/** The statement that begins in this line, at this column where the line has several. */
function textAt(migration: Migration, direction: Direction, { line, column }: Place): string | undefined {
  const script = migration[direction]
  const inLine = script === undefined ? [] : statementsOf(script).filter((one) => one.place().line === line)
  return (inLine.find((one) => one.place().column === column) ?? inLine[0])?.statement.text
}

/** The run of a rule about effects. `fix` gives the better way for one of them. */
export const runOnEffects =
  (rule: ImpactRule, why: string, fix: (judged: Judged) => string) =>
  (input: RuleInput): readonly RuleFinding[] =>
    judgedIn(input)
      .filter(({ effect }) => effect.rule === rule)
      .map((judged) => {
        const { effect, direction, migration, place } = judged
        const { about, said, brief = said, atMost, beside = [] } = effect
        return {
          migration: migration.id,
          place,
          message: oneLine(`${direction === 'down' && !rule.startsWith('down-') ? 'down: ' : ''}${about}${said}`),
          brief: oneLine(`${about}${brief}`),
          why: oneLine([why, ...beside.map((one) => `Also: ${one}.`)].join(' ')),
          fix: judged.proved === undefined ? fix(judged) : provedFix(judged.effect, judged.proved),
          ...(atMost !== undefined && { atMost }),
        }
      })

const severity = ({ rule }: Effect): number => WAITING_RULES.indexOf(rule)

/** The files once for each migration. */
const provedFix = (effect: Effect, { way, worst }: NonNullable<Judged['proved']>): string =>
  effect === worst
    ? wayText(way)
    : `The proved migrations at ${worst.rule} of ${firstFew(worst.relations)} solve this as well.`

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')
