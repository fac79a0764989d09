-- migration-gate: irreversible
ALTER TABLE users DROP COLUMN zip;
