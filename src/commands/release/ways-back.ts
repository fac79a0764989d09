// How a deploy that broke half way is taken back: a rollback for each database that it changed, the last one first.
import type { Tried, Way } from '../../release/preview.js'
import { isLoss } from '../../catalog/data-loss.js'
import { planDown } from '../../state/plan.js'
import { shellWord } from '../../model/shell-quote.js'
import { irreversibleWhy } from '../../state/reversibility.js'
import { copyOfLive } from './start-from-live.js'
import type { Running } from '../live/run.js'
import { pasted } from '../live/suggest-command.js'
import { isPrepared, objectionsOf, prepare, type Prepared, type Preparing } from './prepare.js'

/** `changed` in the order in which they were; `tried` is left out where nothing is to be tried. Never run, only told. */
export async function waysBack(
  changed: readonly Prepared[],
  running: Running,
  tried: Pick<Preparing, 'server' | 'ignore'> | undefined,
): Promise<readonly Way[]> {
  const ways: Way[] = []
  for (const one of changed.toReversed()) {
    const { name } = one.opened.read.config
    const before = versionBefore(one)
    const words = `--databases ${shellWord(name)} --to ${shellWord(before)} --confirm ${shellWord(`${name} ${before}`)}`
    ways.push({
      what: `Take back what this run did to ${name}`,
      command: pasted(running, 'rollback', [words]),
      ...(tried && { tried: await tryBack(one, running, tried) }),
    })
  }
  return ways
}

const versionBefore = ({ stand }: Prepared): string => stand.standing.applied.at(-1)?.migration.version ?? '0'

/** On a copy of the database as it is now. Whatever prevents that is told: the run has failed for another reason already. */
async function tryBack(
  one: Prepared,
  running: Running,
  { server, ignore }: Pick<Preparing, 'server' | 'ignore'>,
): Promise<Tried> {
  const to = versionBefore(one)
  const ready = await prepare(one.one, running, {
    server,
    ignore,
    acting: true,
    proof: 'guided',
    ground: copyOfLive(running.world),
    plan: (planning) => planDown({ ...planning, to, steps: 1 }),
  })
  if (!isPrepared(ready)) return { result: 'unknown', why: ready.stopped.what, losses: [] }
  const { ahead } = ready.looked
  const losses = ahead.steps.flatMap((step) => step.losses).filter(isLoss)
  const [objection] = objectionsOf([ready])
  if (objection !== undefined) return { result: 'failed', why: objection.what, losses }
  const final = ready.plan.steps.flatMap(({ migration }) => {
    const why = irreversibleWhy(migration)
    return why === undefined ? [] : [`${migration.id}: ${why}`]
  })
  if (final.length > 0) return { result: 'failed', why: final.join('; '), losses }
  return ahead.rehearsed
    ? { result: 'ran', why: undefined, losses }
    : { result: 'unknown', why: ahead.notCompared.join('; '), losses }
}
