CREATE TABLE countries (code text PRIMARY KEY);

COPY countries (code) FROM stdin;
