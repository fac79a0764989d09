// The name of a folder says which process made it, so that a later run can recognise abandoned folders.
import { readFile, readlink } from 'node:fs/promises'
import { runCommand } from './command.js'
import type { Machine } from './machine.js'

/** Process id, its start time and the space in which the id counts: three words joined by `-`. */
export const OWNER_PATTERN = '([0-9]+)-([0-9a-z]+)-([0-9a-z]+)'

/** This process, as a part of a file name. */
export async function ownerTag(machine: Machine): Promise<string> {
  const start = (await startOf(process.pid, machine)) ?? 0
  return `${process.pid}-${start.toString(36)}-${await spaceOf(machine)}`
}

/**
 * Whether the process of a tag still exists. A tag of another process-id space (a container that shares the folder)
 * counts as alive, because this process cannot see it.
 */
export async function isOwnerAlive(tag: readonly string[], machine: Machine): Promise<boolean> {
  const [pid, start, space] = tag
  if (space !== (await spaceOf(machine))) return true
  if (!exists(Number(pid))) return false
  const now = await startOf(Number(pid), machine)
  return now === undefined || now.toString(36) === start
}

/** The command line of a process as one text; undefined when the process does not exist or is not visible. */
export async function commandLine(pid: number, machine: Machine): Promise<string | undefined> {
  if (machine.platform === 'linux') {
    const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
    return raw?.replaceAll('\0', ' ')
  }
  const { code, output } = await runCommand({ program: 'ps', args: ['-o', 'args=', '-p', `${pid}`], machine })
  return code === 0 ? output : undefined
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Linux: clock ticks after boot, field 22 of proc(5) stat. Elsewhere: seconds of the clock, from ps. */
async function startOf(pid: number, machine: Machine): Promise<number | undefined> {
  if (machine.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return afterName[19] === undefined ? undefined : Number(afterName[19])
  }
  const { output } = await runCommand({ program: 'ps', args: ['-o', 'lstart=', '-p', `${pid}`], machine })
  const seconds = Date.parse(output.trim()) / 1000
  return Number.isNaN(seconds) ? undefined : seconds
}

async function spaceOf({ platform }: Machine): Promise<string> {
  if (platform !== 'linux') return '0'
  const name = await readlink('/proc/self/ns/pid').catch(() => '')
  return Number(/\d+/.exec(name)?.[0] ?? 0).toString(36)
}
