DROP TABLE audit_event_types;

DROP TYPE audit_severity;
