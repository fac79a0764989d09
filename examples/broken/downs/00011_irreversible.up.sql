-- migration-gate: irreversible because the old settings are not worth keeping
ALTER TABLE settings DROP COLUMN value;
