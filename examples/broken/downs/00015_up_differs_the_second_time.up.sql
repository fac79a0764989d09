DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM settings WHERE name = 'indexed') THEN
        INSERT INTO settings (name) VALUES ('indexed');
        CREATE INDEX users_theme_idx ON users (theme);
    END IF;
END;
$$;
