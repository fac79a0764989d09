// diesel, Prisma and others: a folder for each migration, with up.sql and down.sql in it.
import type { Direction, Migration } from '../../model/migration.js'
import { namingOf } from '../pairs/naming.js'
import type { Refused, Tool } from '../tool.js'
import { otherByWord, twoFiles } from '../two-files.js'
import { diesel } from './diesel-history.js'
import { byTextOfVersion, directoryFiles } from './files.js'
import { areByServer, isPrismas, PRISMA_UP } from './names.js'

/** diesel's settings of one migration. */
const METADATA = 'metadata.toml'

const { directions, create } = twoFiles({
  otherFile,
  names: ({ version, words, neighbours, write }) => {
    const folder = neighbours.size === 0 ? `${version}_${words}` : write('both')
    return { id: folder, up: `${folder}/up.sql`, down: `${folder}/down.sql` }
  },
  beside: ({ up }) => ({ path: up.replace(/[^/]*$/, METADATA), text: 'run_in_transaction = false\n' }),
})

export const directories: Tool = {
  name: 'directories',
  title: 'the tool',
  files: directoryFiles,
  order: { compare: byTextOfVersion, words: 'by their versions as text, where 10 comes before 9' },
  transactions: {
    leaveOut: () => 'Move it into a separate migration; with diesel: run_in_transaction = false in its metadata.toml.',
    alone: 'Move the statement into a separate migration: the whole file is one message.',
    leaveOutIsAlone: true,
  },
  directions,
  naming: namingOf({
    rules: { named: 'folder', usualForm: false, anyGap: false },
    order: byTextOfVersion,
    runs: () => true,
    knownBy: (file) =>
      file.endsWith(`/${PRISMA_UP}`) ? 'Prisma knows a migration by the name of its folder' : undefined,
  }),
  records: {
    stopsAtTwins: false,
    renamed: ({ before, now, twin }) => {
      const key = ({ version }: Migration): string => `'${version.replaceAll('-', '')}'`
      const row = `UPDATE __diesel_schema_migrations SET version = ${key(now)} WHERE version = ${key(before)}`
      return `${row};${twin === undefined ? '' : ` then diesel migration run runs ${twin}.`}`
    },
    countsLoneDowns: false,
  },
  statementBlock: undefined,
  histories: {
    candidates: [diesel],
    first: () => diesel,
    scratch: diesel,
    refusal: unknownHistory,
  },
  create: { ...create, refusal: notByUs },
}

/** Prisma's file and that of one server have no word for a direction. */
function otherFile(path: string, to: Direction): string | undefined {
  const cut = path.lastIndexOf('/') + 1
  if (path.slice(cut) === PRISMA_UP) return to === 'down' ? `${path.slice(0, cut)}down.sql` : path
  const other = otherByWord(path, to)
  if (other !== undefined || to === 'up' || /\d/.test(path.slice(cut))) return other
  return path.replace(/\.sql$/, '.down.sql')
}

function unknownHistory(migrations: readonly Migration[]): Refused | undefined {
  if (areByServer(migrations)) {
    return {
      holds: 'folders with a file for each server, and no tool with a supported history runs them',
      fix: 'Keep applying them as you do now',
    }
  }
  if (!isPrismas(migrations)) return undefined
  return {
    holds: 'migrations of Prisma, whose history is not read or written here',
    fix: 'Keep applying them with prisma migrate deploy',
  }
}

function notByUs(migrations: readonly Migration[], newest: string): Refused | undefined {
  if (isPrismas(migrations)) {
    return {
      holds: 'migrations of Prisma, which makes them from its schema file',
      fix: 'prisma migrate dev --create-only',
    }
  }
  if (!areByServer(migrations)) return undefined
  return {
    holds: 'migrations with a file for each server, and only you know what the other servers get',
    fix: `Write the folder by hand, after ${newest}.`,
  }
}
