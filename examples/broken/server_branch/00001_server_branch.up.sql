CREATE TABLE audit (at timestamptz NOT NULL, what text NOT NULL);
DO $$
BEGIN
  IF current_database() = 'shop_prod' THEN
    COMMENT ON TABLE audit IS 'kept for seven years';
  END IF;
END $$;
