// The program of the process that runs a seed module.

/** First message of the parent. `url` is the URL of the file. */
export type ModuleOrder = { readonly url: string; readonly direction: string; readonly environment: string }

/**
 * It is text, because the bundle has no separate file to start a process from. The program asks its parent for every query
 * and every hash. The channel keeps the process alive only while it waits for an answer. So a promise that never resolves
 * ends the process, instead of blocking the run.
 */
export const MODULE_RUNNER = String.raw`
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// The error of an import has no place. Node only prints it.
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
