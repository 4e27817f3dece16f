// The desk: whose a synergy is, when anything last happened to it, its history in the journal, evidence and deliveries.

CREATE CONSTRAINT synergy_evidence_id IF NOT EXISTS FOR (n:SynergyEvidence) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT delivery_id IF NOT EXISTS FOR (n:Delivery) REQUIRE n.id IS UNIQUE;
CREATE INDEX synergy_assignee IF NOT EXISTS FOR (n:Synergy) ON (n.assignee_id);
CREATE INDEX synergy_last_activity IF NOT EXISTS FOR (n:Synergy) ON (n.last_activity_at);
CREATE INDEX event_object IF NOT EXISTS FOR (n:Event) ON (n.object);
MATCH (synergy:Synergy) WHERE synergy.rejection_reason IS NOT NULL
SET synergy.reason = synergy.rejection_reason, synergy.rejection_reason = null;
