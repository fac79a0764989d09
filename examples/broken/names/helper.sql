-- Never runs: no version in front of its name.
CREATE TABLE helper ();
