CREATE TABLE {{ .Schema }}.countries (
    code text PRIMARY KEY
);
