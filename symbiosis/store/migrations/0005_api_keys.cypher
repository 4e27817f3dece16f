// API keys: found by their id, which stands in the key itself; only a hash of the secret is kept.

CREATE CONSTRAINT api_key_id IF NOT EXISTS FOR (n:ApiKey) REQUIRE n.id IS UNIQUE;
