\set about 'Currencies that we trade'
CREATE TABLE currencies (code text PRIMARY KEY);

COMMENT ON TABLE currencies IS :'about';
