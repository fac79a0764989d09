// The Backups port on PostgreSQL's own programs.
import type { Backups } from '../../../ports/backup.js'
import { foreseeObstacles } from './dump-obstacles.js'
import { restoreBeside } from './restore.js'
import { dumpStructure } from './structure.js'
import { swapIn } from './swap.js'
import { takeDump } from './take.js'
import type { BackupTools } from './tools.js'
import { foreseeUndo, undoSwap } from './undo.js'

export const createBackups = (tools: BackupTools): Backups => ({
  take: (asked) => takeDump(asked, tools),
  obstacles: (asked) => foreseeObstacles(asked, tools),
  structure: (asked) => dumpStructure(asked, tools),
  restore: (asked) => restoreBeside(asked, tools),
  swap: (asked) => swapIn(asked, tools),
  foresee: (asked) => foreseeUndo(asked, tools),
  undo: (asked) => undoSwap(asked, tools),
})
