DROP TABLE marked;
