"""How each kind of relationship is read out of a store and put back: a table of statements.

A type cannot be a parameter, so every kind has its own two. What a store holds beyond is noticed by its counts.
"""

from dataclasses import dataclass
from typing import Final, LiteralString


@dataclass(frozen=True, slots=True)
class RelationshipKind:
    """A type between two labels; `starts` is from how many nodes its relationships are read at once."""

    type_: str
    from_label: str
    to_label: str
    page: LiteralString
    put: LiteralString
    starts: int = 1000


RELATIONSHIPS: Final = (
    RelationshipKind(
        "ABOUT",
        "SynergyEvidence",
        "Synergy",
        """UNWIND $keys AS key MATCH (a:SynergyEvidence {id: key})-[r:ABOUT]->(b:Synergy)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:SynergyEvidence {id: row.from_key}) MATCH (b:Synergy {id: row.to_key})
CREATE (a)-[r:ABOUT]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "ACTS_FOR",
        "Person",
        "Site",
        """UNWIND $keys AS key MATCH (a:Person {id: key})-[r:ACTS_FOR]->(b:Site)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Person {id: row.from_key}) MATCH (b:Site {id: row.to_key})
CREATE (a)-[r:ACTS_FOR]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "ACTS_FOR",
        "Person",
        "Territory",
        """UNWIND $keys AS key MATCH (a:Person {id: key})-[r:ACTS_FOR]->(b:Territory)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Person {id: row.from_key}) MATCH (b:Territory {id: row.to_key})
CREATE (a)-[r:ACTS_FOR]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "AT",
        "Listing",
        "Site",
        """UNWIND $keys AS key MATCH (a:Listing {id: key})-[r:AT]->(b:Site)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Listing {id: row.from_key}) MATCH (b:Site {id: row.to_key})
CREATE (a)-[r:AT]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "CHANGES",
        "Run",
        "Synergy",
        """UNWIND $keys AS key MATCH (a:Run {id: key})-[r:CHANGES]->(b:Synergy)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Run {id: row.from_key}) MATCH (b:Synergy {id: row.to_key})
CREATE (a)-[r:CHANGES]->(b) SET r = row.facts""",
        starts=5,
    ),
    RelationshipKind(
        "CONSENTS_TO",
        "Consent",
        "Synergy",
        """UNWIND $keys AS key MATCH (a:Consent {id: key})-[r:CONSENTS_TO]->(b:Synergy)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Consent {id: row.from_key}) MATCH (b:Synergy {id: row.to_key})
CREATE (a)-[r:CONSENTS_TO]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "GIVEN_FOR",
        "Consent",
        "Site",
        """UNWIND $keys AS key MATCH (a:Consent {id: key})-[r:GIVEN_FOR]->(b:Site)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Consent {id: row.from_key}) MATCH (b:Site {id: row.to_key})
CREATE (a)-[r:GIVEN_FOR]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "GIVES_TO",
        "Synergy",
        "Listing",
        """UNWIND $keys AS key MATCH (a:Synergy {id: key})-[r:GIVES_TO]->(b:Listing)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Synergy {id: row.from_key}) MATCH (b:Listing {id: row.to_key})
CREATE (a)-[r:GIVES_TO]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "IN",
        "Commune",
        "Territory",
        """UNWIND $keys AS key MATCH (a:Commune {insee: key})-[r:IN]->(b:Territory)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Commune {insee: row.from_key}) MATCH (b:Territory {id: row.to_key})
CREATE (a)-[r:IN]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "IN",
        "Site",
        "Commune",
        """UNWIND $keys AS key MATCH (a:Site {id: key})-[r:IN]->(b:Commune)
RETURN key AS from_key, b.insee AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Site {id: row.from_key}) MATCH (b:Commune {insee: row.to_key})
CREATE (a)-[r:IN]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "IS",
        "Current",
        "Run",
        """UNWIND $keys AS key MATCH (a:Current {kind: key})-[r:IS]->(b:Run)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Current {kind: row.from_key}) MATCH (b:Run {id: row.to_key})
CREATE (a)-[r:IS]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "OF",
        "Delivery",
        "Synergy",
        """UNWIND $keys AS key MATCH (a:Delivery {id: key})-[r:OF]->(b:Synergy)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Delivery {id: row.from_key}) MATCH (b:Synergy {id: row.to_key})
CREATE (a)-[r:OF]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "OF",
        "Listing",
        "Resource",
        """UNWIND $keys AS key MATCH (a:Listing {id: key})-[r:OF]->(b:Resource)
RETURN key AS from_key, b.code AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Listing {id: row.from_key}) MATCH (b:Resource {code: row.to_key})
CREATE (a)-[r:OF]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "OPERATES",
        "Organisation",
        "Site",
        """UNWIND $keys AS key MATCH (a:Organisation {id: key})-[r:OPERATES]->(b:Site)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Organisation {id: row.from_key}) MATCH (b:Site {id: row.to_key})
CREATE (a)-[r:OPERATES]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "PLANS",
        "Run",
        "PlanPart",
        """UNWIND $keys AS key MATCH (a:Run {id: key})-[r:PLANS]->(b:PlanPart)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Run {id: row.from_key}) MATCH (b:PlanPart {id: row.to_key})
CREATE (a)-[r:PLANS]->(b) SET r = row.facts""",
        starts=5,
    ),
    RelationshipKind(
        "SIGNS_IN",
        "ApiKey",
        "Person",
        """UNWIND $keys AS key MATCH (a:ApiKey {id: key})-[r:SIGNS_IN]->(b:Person)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:ApiKey {id: row.from_key}) MATCH (b:Person {id: row.to_key})
CREATE (a)-[r:SIGNS_IN]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "SUBSTITUTES_FOR",
        "Resource",
        "Resource",
        """UNWIND $keys AS key MATCH (a:Resource {code: key})-[r:SUBSTITUTES_FOR]->(b:Resource)
RETURN key AS from_key, b.code AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Resource {code: row.from_key}) MATCH (b:Resource {code: row.to_key})
CREATE (a)-[r:SUBSTITUTES_FOR]->(b) SET r = row.facts""",
    ),
    RelationshipKind(
        "SUGGESTS",
        "Run",
        "Synergy",
        """UNWIND $keys AS key MATCH (a:Run {id: key})-[r:SUGGESTS]->(b:Synergy)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Run {id: row.from_key}) MATCH (b:Synergy {id: row.to_key})
CREATE (a)-[r:SUGGESTS]->(b) SET r = row.facts""",
        starts=1,
    ),
    RelationshipKind(
        "TAKES_FROM",
        "Synergy",
        "Listing",
        """UNWIND $keys AS key MATCH (a:Synergy {id: key})-[r:TAKES_FROM]->(b:Listing)
RETURN key AS from_key, b.id AS to_key, properties(r) AS facts ORDER BY from_key, to_key""",
        """UNWIND $rows AS row MATCH (a:Synergy {id: row.from_key}) MATCH (b:Listing {id: row.to_key})
CREATE (a)-[r:TAKES_FROM]->(b) SET r = row.facts""",
    ),
)
"""Every relationship, by its type and the labels at its ends."""
