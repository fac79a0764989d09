ALTER TABLE users ADD COLUMN remark text;
