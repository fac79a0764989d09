CREATE TABLE marked (id bigint PRIMARY KEY);
