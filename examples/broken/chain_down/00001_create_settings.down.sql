-- Runs right after its up, and fails as soon as a later migration has written a row.
DO $$
BEGIN
    IF EXISTS (SELECT FROM settings) THEN
        RAISE EXCEPTION 'settings is not empty';
    END IF;
END;
$$;

DROP TABLE settings;
