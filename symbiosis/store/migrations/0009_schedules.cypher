// When runs are due: one schedule a kind of run. An epoch tells apart the runs that were started after each other.

CREATE CONSTRAINT schedule_kind IF NOT EXISTS FOR (n:Schedule) REQUIRE n.kind IS UNIQUE;
