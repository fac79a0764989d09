-- +migrate Up
CREATE TYPE audit_severity AS ENUM ('info', 'warning', 'critical');

CREATE TABLE audit_logs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    severity audit_severity NOT NULL DEFAULT 'info',
    details jsonb NOT NULL DEFAULT '{}'
);

-- +migrate Down
DROP TABLE audit_logs;
DROP TYPE audit_severity;
