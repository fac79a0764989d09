#!/bin/sh
# Brings the databases up to date, then runs the given command, if there is one.
# MIGRATION_GATE_WAIT: how long to wait for the databases (60s). MIGRATION_GATE_SEED=yes: also run the seeds.
set -eu

wait=${MIGRATION_GATE_WAIT:-60s}

if [ "${APP_ENV:-development}" = production ]; then
  # In production a deploy migrates, not the start of a container: wait for it.
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
