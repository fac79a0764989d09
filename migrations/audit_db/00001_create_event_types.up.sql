CREATE TYPE audit_severity AS ENUM ('info', 'warning', 'critical');

CREATE TABLE audit_event_types (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code text NOT NULL UNIQUE CHECK (code ~ '^[a-z]+([.][a-z_]+)+$'),
    severity audit_severity NOT NULL DEFAULT 'info',
    description text NOT NULL
);
