-- The log only grows at its end. So a BRIN index finds a time range, at a thousandth of the size of a B-tree.
CREATE INDEX audit_logs_time_idx ON audit_logs USING brin (occurred_at);

CREATE INDEX audit_logs_actor_idx ON audit_logs (actor_id, occurred_at DESC) WHERE actor_id IS NOT NULL;

CREATE INDEX audit_logs_details_idx ON audit_logs USING gin (details jsonb_path_ops);
