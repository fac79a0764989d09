DROP TABLE {{ .Schema }}.countries;
