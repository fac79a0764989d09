CREATE TABLE payments (id bigint PRIMARY KEY, booked_at timestamptz);

CREATE INDEX CONCURRENTLY payments_booked_at_idx ON payments (booked_at);
