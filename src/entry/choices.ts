// The words that an option may have for a value.

export const FORMATS = ['text', 'json', 'markdown', 'annotations', 'comment', 'sarif', 'html'] as const
export type Format = (typeof FORMATS)[number]
export const PROOFS = ['guided', 'full', 'none'] as const
export const UNITS = ['each', 'range', 'chain'] as const
export const SCOPES = ['changed', 'all'] as const
export const FAIL_LEVELS = ['error', 'warning'] as const
export const COLOURS = ['auto', 'always', 'never'] as const
export const BACKUPS = ['dump', 'external', 'none'] as const
export const BACKUP_PROOFS = ['read', 'restore'] as const
