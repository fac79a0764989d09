DROP INDEX audit_logs_details_idx;

DROP INDEX audit_logs_actor_idx;

DROP INDEX audit_logs_time_idx;
