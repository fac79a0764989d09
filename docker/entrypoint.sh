#!/bin/sh
# Brings the databases to what this image needs, then becomes the command that follows (without one it is done).
# MIGRATION_GATE_WAIT is how long to wait for them (60s), MIGRATION_GATE_SEED=yes also runs the seeds.
set -eu

wait=${MIGRATION_GATE_WAIT:-60s}

if [ "${APP_ENV:-development}" = production ]; then
  # There a deploy migrates, not the start of a container: wait until one has.
  pg-migration-gate status --check --wait "$wait"
else
  pg-migration-gate up --wait "$wait"
  if [ "${MIGRATION_GATE_SEED:-no}" = yes ]; then
    pg-migration-gate seed --wait "$wait"
  fi
fi

if [ "$#" -gt 0 ]; then
  exec "$@"
fi
