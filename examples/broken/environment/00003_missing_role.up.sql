GRANT SELECT ON users TO gate_example_nobody;
