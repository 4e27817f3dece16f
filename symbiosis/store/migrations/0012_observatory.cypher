// What each run has published for everybody, once.

CREATE CONSTRAINT observatory_id IF NOT EXISTS FOR (n:Observatory) REQUIRE n.id IS UNIQUE;
