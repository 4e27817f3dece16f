"""How each kind of node is read out of a store and put back: a table of statements.

A label cannot be a parameter, so every kind has its own two. What a store holds beyond is noticed by its counts.
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


NODES: Final = (
    NodeKind(
        "Analysis",
        "id",
        """MATCH (n:Analysis) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Analysis) SET n = row",
    ),
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
        "Consent",
        "id",
        """MATCH (n:Consent) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Consent) SET n = row",
    ),
    NodeKind(
        "Current",
        "kind",
        """MATCH (n:Current) WHERE n.kind > $after
RETURN n.kind AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Current) SET n = row",
    ),
    NodeKind(
        "Delivery",
        "id",
        """MATCH (n:Delivery) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Delivery) SET n = row",
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
        "Observatory",
        "id",
        """MATCH (n:Observatory) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Observatory) SET n = row",
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
        "Schedule",
        "kind",
        """MATCH (n:Schedule) WHERE n.kind > $after
RETURN n.kind AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:Schedule) SET n = row",
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
        "SynergyEvidence",
        "id",
        """MATCH (n:SynergyEvidence) WHERE n.id > $after
RETURN n.id AS key, properties(n) AS facts ORDER BY key LIMIT $at_most""",
        "UNWIND $rows AS row CREATE (n:SynergyEvidence) SET n = row",
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
