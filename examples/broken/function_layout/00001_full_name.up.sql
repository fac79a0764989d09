CREATE OR REPLACE FUNCTION full_name(given text, family text) RETURNS text LANGUAGE sql AS $$
  SELECT given || ' ' || family
$$;
