// Distances by road, one node for each place they start from.

CREATE CONSTRAINT roads_id IF NOT EXISTS FOR (n:Roads) REQUIRE n.id IS UNIQUE;
