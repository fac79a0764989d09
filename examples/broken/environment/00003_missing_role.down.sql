REVOKE SELECT ON users FROM gate_example_nobody;
