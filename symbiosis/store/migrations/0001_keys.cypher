// One key for each kind of node, and the indexes that lists are read by.
// Every statement may run twice: IF NOT EXISTS, or an idempotent write.

CREATE CONSTRAINT organisation_id IF NOT EXISTS FOR (n:Organisation) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT site_id IF NOT EXISTS FOR (n:Site) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT commune_insee IF NOT EXISTS FOR (n:Commune) REQUIRE n.insee IS UNIQUE;
CREATE CONSTRAINT territory_id IF NOT EXISTS FOR (n:Territory) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT resource_code IF NOT EXISTS FOR (n:Resource) REQUIRE n.code IS UNIQUE;
CREATE CONSTRAINT listing_id IF NOT EXISTS FOR (n:Listing) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT factor_id IF NOT EXISTS FOR (n:Factor) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT run_id IF NOT EXISTS FOR (n:Run) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT current_kind IF NOT EXISTS FOR (n:Current) REQUIRE n.kind IS UNIQUE;
CREATE CONSTRAINT synergy_id IF NOT EXISTS FOR (n:Synergy) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT person_id IF NOT EXISTS FOR (n:Person) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT person_subject IF NOT EXISTS FOR (n:Person) REQUIRE n.subject IS UNIQUE;
CREATE CONSTRAINT event_id IF NOT EXISTS FOR (n:Event) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT import_id IF NOT EXISTS FOR (n:Import) REQUIRE n.id IS UNIQUE;

CREATE INDEX site_siret IF NOT EXISTS FOR (n:Site) ON (n.siret);
CREATE INDEX listing_direction_status IF NOT EXISTS FOR (n:Listing) ON (n.direction, n.status);
CREATE INDEX synergy_status IF NOT EXISTS FOR (n:Synergy) ON (n.status);
CREATE INDEX event_at IF NOT EXISTS FOR (n:Event) ON (n.at);
CREATE INDEX factor_key IF NOT EXISTS FOR (n:Factor) ON (n.key);
