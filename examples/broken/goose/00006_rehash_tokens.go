package migrations

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

func init() {
	goose.AddMigrationContext(up, down)
}

func up(ctx context.Context, tx *sql.Tx) error { return nil }

func down(ctx context.Context, tx *sql.Tx) error { return nil }
