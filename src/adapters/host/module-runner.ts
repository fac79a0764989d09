// The program of the process that a seed module runs in.

/** What the parent says first. `url` is that of the file. */
export type ModuleOrder = { readonly url: string; readonly direction: string; readonly environment: string }

/**
 * Text and no module of ours: in the bundle there is no file that a process could be started from. It asks its parent
 * for every query and every hash. The channel keeps the process alive only while an answer is awaited, so that a
 * promise that nobody will ever fulfil ends it, instead of making everybody wait.
 */
export const MODULE_RUNNER = String.raw`
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// The error of an import has no place; Node only prints it.
const whereIsSyntax = (url) => {
  const { stderr } = spawnSync(process.execPath, ['--check', fileURLToPath(url)], { encoding: 'utf8' })
  return stderr.split('\n')[0].replace(fileURLToPath(url), url) + '\n'
}

process.once('message', async ({ url, direction, environment }) => {
  const waiting = new Map()
  let last = 0
  let ended = false

  process.on('message', ({ id, value, error }) => {
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) process.channel.unref()
    if (error === undefined) resolve(value)
    else reject(error)
  })
  process.channel.unref()

  const ask = async (kind, content) => {
    const here = new Error()
    try {
      return await new Promise((resolve, reject) => {
        const id = ++last
        process.send({ kind, id, ...content })
        waiting.set(id, { resolve, reject })
        process.channel.ref()
      })
    } catch (error) {
      here.message = error.message
      here.stack = error.message + here.stack.slice('Error'.length)
      here.sqlstate = error.sqlstate
      throw here
    }
  }

  const end = (content) => {
    if (ended) return
    ended = true
    process.send({ kind: 'end', ...content }, () => process.exit())
  }
  const fail = (error) => {
    const { message = String(error), stack, sqlstate } = error ?? {}
    const place = error instanceof SyntaxError ? whereIsSyntax(url) : ''
    end({ error: { message: String(message), stack: place + String(stack), sqlstate } })
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)

  try {
    const exported = await import(url)
    const call = exported[direction] ?? exported.default?.[direction]
    if (call === undefined) return end({ absent: true })
    if (typeof call !== 'function') throw new TypeError('its export "' + direction + '" is no function')
    await call({
      query: (text, values) => ask('query', { text, values }),
      hash: (password) => ask('hash', { password }),
      environment,
      log: (line) => void process.send({ kind: 'log', line: String(line) }),
    })
    if (waiting.size > 0) throw new Error(direction + ' ended before its queries did: await each of them')
    end({})
  } catch (error) {
    fail(error)
  }
})
`
