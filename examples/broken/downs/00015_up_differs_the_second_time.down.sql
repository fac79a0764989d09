DROP INDEX IF EXISTS users_theme_idx;
