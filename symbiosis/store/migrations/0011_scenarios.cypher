// The pairs of a scenario, in columns; one node for a part of them.

CREATE CONSTRAINT plan_part_id IF NOT EXISTS FOR (n:PlanPart) REQUIRE n.id IS UNIQUE;
