CREATE TABLE audit_logs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    event_type text NOT NULL REFERENCES audit_event_types (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    actor_id uuid,
    entity text NOT NULL,
    entity_id text NOT NULL,
    ip_address inet,
    details jsonb NOT NULL DEFAULT '{}'
);

COMMENT ON TABLE audit_logs IS 'Who did what, when. Never holds secrets or documents.';

CREATE INDEX audit_logs_entity_idx ON audit_logs (entity, entity_id);
