// A scratch copy of the live structure, on which downs are tried before they run: the files that made it may be gone.
import { plainScript } from '../../tools/script.js'
import { tlsIn } from '../live/connect.js'
import type { Preparing } from './prepare.js'
import type { World } from '../shared/context.js'

/** Rejects with a UserError where the structure cannot be read. */
export const copyOfLive =
  ({ backups, signal }: World): Preparing['ground'] =>
  async ({ read, found, environment }, _, plan) => {
    const { name, dsn } = read.config
    const history = { schema: found.schema, name: found.name }
    const scripts = plan.steps.flatMap(({ script }) => script.messages.map((message) => message.text))
    const text = await backups.structure({ name, dsn, history, signal, tls: tlsIn(environment), scripts })
    const copy = plainScript({ file: `the structure of ${name}`, text, transaction: 'message' })
    return { setup: [copy], before: [], copy: true, notes: [] }
  }
