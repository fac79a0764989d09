.PHONY: help migrate-up migrate-down migrate-status migrate-create seed-dev test-migrations docker-up docker-down docker-logs

DB ?= all
NAME ?=
MIGRATION_GATE_CLI ?= dist/cli.js

# Values reach the shell as variables, so the text after DB= is always a name and never a command.
export DB NAME MIGRATION_GATE_CLI

gate := node "$$MIGRATION_GATE_CLI"
databases = $(if $(filter-out all,$(DB)),--databases "$$DB")

help:
	@echo "Database Migration Commands"
	@echo "  make migrate-up [DB=db_name]             - Run migrations (default: all databases)"
	@echo "  make migrate-down DB=db_name             - Roll back the last migration"
	@echo "  make migrate-status [DB=db_name]         - Show applied and pending migrations"
	@echo "  make migrate-create DB=db_name NAME=name - Create the next migration"
	@echo "  make seed-dev [DB=db_name]               - Migrate and seed for development"
	@echo "  make test-migrations [DB=db_name]        - Prove every migration on a scratch server"
	@echo "  make docker-up, docker-down, docker-logs - Run PostgreSQL with the four databases in containers"

migrate-up:
	@$(gate) up $(databases)

migrate-down:
	@if [ "$$DB" = all ] || [ -z "$$DB" ]; then \
		echo "ERROR: cannot roll back all databases at once. Specify DB=db_name"; \
		exit 1; \
	fi
	@$(gate) down --databases "$$DB"

migrate-status:
	@$(gate) status $(databases)

migrate-create:
	@if [ "$$DB" = all ] || [ -z "$$DB" ] || [ -z "$$NAME" ]; then \
		echo "ERROR: specify DB=db_name and NAME=migration_name"; \
		exit 1; \
	fi
	@$(gate) create "$$DB" "$$NAME"

seed-dev:
	@$(gate) up --environment development $(databases)
	@$(gate) seed --environment development $(databases)

test-migrations:
	@$(gate) check $(databases)

docker-up:
	docker compose up --build -d

docker-down:
	docker compose down -v

docker-logs:
	docker compose logs -f migrate
