DROP FUNCTION full_name(text, text);
