CREATE ROLE gate_example_reader NOLOGIN;

CREATE SCHEMA reports;
