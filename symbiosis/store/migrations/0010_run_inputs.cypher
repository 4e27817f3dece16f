// What the published run was made from, in parts: the next run is compared with it.

CREATE CONSTRAINT run_input_id IF NOT EXISTS FOR (n:RunInput) REQUIRE n.id IS UNIQUE;
