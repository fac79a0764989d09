-- +goose Up
ALTER TABLE users ADD COLUMN fax text;
