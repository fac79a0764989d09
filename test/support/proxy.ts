// A TCP proxy before a server, which breaks a connection at a chosen message.
import net from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Cluster } from '../../src/adapters/postgres/cluster.js'

/**
 * When the client sends a message that holds `text`, and for the first time: `before` breaks the connection without passing
 * it on; `after` passes it on and breaks the connection once the server has answered, without passing on the answer.
 */
export type Break = {
  readonly text: string
  readonly when: 'before' | 'after'
  /** No new connection is taken from then on. */
  readonly forGood?: boolean
}

export type Proxy = {
  readonly port: number
  /** From now on; undefined lets everything pass. */
  readonly arm: (fault: Break | undefined) => void
  /** How many connections were broken. */
  readonly broken: () => number
  /** Whether new connections are taken. */
  readonly open: (taken: boolean) => void
  readonly close: () => Promise<void>
}

/** An address under which this machine looks like another one; undefined if it has none. */
export const OTHER_ADDRESS = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address

export async function startProxy(
  cluster: Pick<Cluster, 'connection' | 'maintenance'>,
  at = '127.0.0.1',
): Promise<Proxy> {
  const { host = '', port = 5432 } = cluster.connection(cluster.maintenance)
  let fault: Break | undefined
  let broken = 0
  let taken = true
  const sockets = new Set<net.Socket>()
  const server = net.createServer((client) => {
    if (!taken) {
      client.destroy()
      return
    }
    const back = host.startsWith('/') ? net.connect(`${host}/.s.PGSQL.${port}`) : net.connect(port, host)
    let answering: 'passed on' | 'held back' = 'passed on'
    const end = (): void => {
      client.destroy()
      back.destroy()
    }
    for (const socket of [client, back]) {
      sockets.add(socket)
      socket.on('error', end).on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    client.on('data', (data) => {
      if (fault !== undefined && data.includes(fault.text)) {
        const { when } = fault
        taken = fault.forGood !== true
        fault = undefined
        broken++
        answering = 'held back'
        if (when === 'before') end()
      }
      if (!back.destroyed) back.write(data)
    })
    back.on('data', (data) => {
      if (answering === 'passed on') client.write(data)
      else end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, at, resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    arm: (next) => (fault = next),
    broken: () => broken,
    open: (next) => (taken = next),
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
