// One run a kind and period: `slot` is "KIND period" while a run is RUNNING or PUBLISHED, and absent on a failed one.
CREATE CONSTRAINT run_slot IF NOT EXISTS FOR (n:Run) REQUIRE n.slot IS UNIQUE;
CREATE INDEX run_status IF NOT EXISTS FOR (n:Run) ON (n.status);
