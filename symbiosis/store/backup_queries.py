"""How each kind of node and of relationship is read out of a store and put back: a table of statements.

A label cannot be a parameter, so every kind has its own two statements. What a store holds beyond this table is
noticed by its counts, and a backup without it is refused.
"""

from dataclasses import dataclass
from typing import Final, LiteralString


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A label, the property that tells its nodes apart, and the statements that read a page and write one."""

    label: str
    key: str
    page: LiteralString
    put: LiteralString


@dataclass(frozen=True, slots=True)
class RelationshipKind:
    """A type between two labels; `starts` is from how many nodes its relationships are read at once."""

    type_: str
    from_label: str
    to_label: str
    page: LiteralString
    put: LiteralString
    starts: int = 1000


NODES: Final = (
    NodeKind(
        "ApiKey",
        "id",
        """MATCH (n:ApiKey) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:ApiKey) SET n = row",
    ),
    NodeKind(
        "Commune",
        "insee",
        """MATCH (n:Commune) WHERE n.insee > $after
RETURN n.insee AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Commune) SET n = row",
    ),
    NodeKind(
        "Current",
        "kind",
        """MATCH (n:Current) WHERE n.kind > $after
RETURN n.kind AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Current) SET n = row",
    ),
    NodeKind(
        "Event",
        "id",
        """MATCH (n:Event) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Event) SET n = row",
    ),
    NodeKind(
        "Factor",
        "id",
        """MATCH (n:Factor) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Factor) SET n = row",
    ),
    NodeKind(
        "Import",
        "id",
        """MATCH (n:Import) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Import) SET n = row",
    ),
    NodeKind(
        "Listing",
        "id",
        """MATCH (n:Listing) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Listing) SET n = row",
    ),
    NodeKind(
        "Organisation",
        "id",
        """MATCH (n:Organisation) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Organisation) SET n = row",
    ),
    NodeKind(
        "Person",
        "id",
        """MATCH (n:Person) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Person) SET n = row",
    ),
    NodeKind(
        "PlanPart",
        "id",
        """MATCH (n:PlanPart) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:PlanPart) SET n = row",
    ),
    NodeKind(
        "Request",
        "id",
        """MATCH (n:Request) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Request) SET n = row",
    ),
    NodeKind(
        "Resource",
        "code",
        """MATCH (n:Resource) WHERE n.code > $after
RETURN n.code AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Resource) SET n = row",
    ),
    NodeKind(
        "Roads",
        "id",
        """MATCH (n:Roads) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Roads) SET n = row",
    ),
    NodeKind(
        "Run",
        "id",
        """MATCH (n:Run) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Run) SET n = row",
    ),
    NodeKind(
        "RunInput",
        "id",
        """MATCH (n:RunInput) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:RunInput) SET n = row",
    ),
    NodeKind(
        "Site",
        "id",
        """MATCH (n:Site) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Site) SET n = row",
    ),
    NodeKind(
        "Synergy",
        "id",
        """MATCH (n:Synergy) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Synergy) SET n = row",
    ),
    NodeKind(
        "Territory",
        "id",
        """MATCH (n:Territory) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Territory) SET n = row",
    ),
)
"""Every label, in the order in which a backup lists them."""

RELATIONSHIPS: Final = (
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
