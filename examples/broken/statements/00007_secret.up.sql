CREATE TABLE settings (name text PRIMARY KEY, value text);

INSERT INTO settings (name, value) VALUES
    ('replica', 'postgres://reader:correct-horse@replica.example.com/core');
