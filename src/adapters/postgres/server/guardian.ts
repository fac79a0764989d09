// A small shell process that starts the server, and outlives us just long enough to clean up.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { childEnvironment } from './machine.js'
import type { Account, Machine } from './machine.js'

/**
 * `ended` resolves when the server has ended. It gives the guardian's last message: an error of the copying, or the
 * server's exit status. The run directory stays until `release`, which ends the server, removes the directory and waits
 * for both.
 */
export type Guardian = {
  readonly ended: Promise<string>
  readonly release: () => Promise<void>
}

/**
 * Arguments: run directory, seed (empty when the data directory is there already), then the server's command.
 *
 * Its standard input is a pipe that only we hold open. However we end, even by kill -9, the reader sees the end of the
 * pipe. It wakes the main shell, which ends the server at once and removes the directory. The signal is SIGQUIT, with
 * SIGCONT in case the server was stopped. The reader keeps waking the shell, because a starting server does not react
 * the first time. After ten seconds the shell kills the server. The server is the shell's own child, so its process id
 * is certain. The shell ignores signals that Ctrl-C or the end of a service sends to all processes, because it must
 * clean up last.
 */
const SCRIPT = `
trap '' HUP INT TERM QUIT PIPE
run=$1 seed=$2; shift 2
umask 077
server= leave=
tries=0
end_server() {
  leave=yes tries=$((tries + 1)) signal=QUIT
  [ "$tries" -lt 100 ] || signal=KILL
  [ -z "$server" ] || kill "-$signal" "$server" 2>/dev/null && kill -CONT "$server" 2>/dev/null
}
trap end_server USR1
exec 3<&0 </dev/null
main=$$
( trap '' USR1
  while read -r _; do :; done
  while kill -USR1 "$main"; do sleep 0.1 || sleep 1; done ) <&3 >/dev/null 2>&1 &
reader=$!
exec 3<&-
cd -- "$run" && { [ -z "$seed" ] || cp -R -- "$seed" "$run/data"; } 2>&1 && [ -z "$leave" ] && {
  "$@" </dev/null >>"$run/log" 2>&1 &
  server=$!
  [ -z "$leave" ] || end_server
  while :; do
    wait "$server"; status=$?
    [ "$status" -gt 128 ] && kill -0 "$server" 2>/dev/null || break
  done
  server=
  echo "exit status $status"
}
exec >/dev/null 2>&1
[ -n "$leave" ] || wait "$reader"
kill -KILL "$reader"
cd / && rm -rf -- "$run"
`

export function startGuardian(options: {
  run: string
  seed: string | undefined
  command: readonly string[]
  machine: Pick<Machine, 'environment'>
  account: Account | undefined
}): Guardian {
  const { run, seed, command, machine, account } = options
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'pg-migration-gate', run, seed ?? '', ...command], {
    cwd: '/',
    detached: true,
    env: childEnvironment(machine),
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(account && { uid: account.uid, gid: account.gid }),
  })
  letUsEnd(child)
  let message = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    message = (message + text).slice(-4096)
  })
  child.stdin.on('error', () => undefined)
  const gone = new Promise<void>((resolve) => {
    child
      .once('exit', () => resolve())
      .once('error', (error: NodeJS.ErrnoException) => {
        message = `${message}${error.code ?? error.message}`
        resolve()
      })
  })
  const silent = new Promise<void>((resolve) => child.stdout.once('close', () => resolve()))
  return {
    ended: Promise.race([silent, gone]).then(() => message.trim()),
    release: async () => {
      child.ref()
      child.stdin.end()
      await gone
    },
  }
}

/** Neither the process nor its pipes keep us alive. The guardian waits for the end of the pipes. */
function letUsEnd(child: ChildProcess): void {
  child.unref()
  // Pipes of a child process are sockets, whatever their declared type.
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref()
}
