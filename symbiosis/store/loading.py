"""Bulk writes: reference data, places, sites and listings, in statements of at most a thousand rows and 7 MB.

Every write merges on the key, so it may be repeated. A row is a map of facts without nulls: what is missing is absent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from enum import Enum
from typing import Any, Final, LiteralString

from symbiosis.domain.evidence import Evidence
from symbiosis.domain.factors import Factor
from symbiosis.domain.listings import Listing
from symbiosis.domain.places import Commune, Organisation, Site, Territory
from symbiosis.domain.resources import QualityRange, Resource, Substitution
from symbiosis.store.graph import Tx

BATCH: Final = 1000
MESSAGE_BYTES: Final = 7_000_000
"""The embedded server takes messages of at most 16 MiB; the rows of one statement stay well below."""

Facts = dict[str, Any]

PUT_TERRITORIES: Final[LiteralString] = """
UNWIND $rows AS row
MERGE (territory:Territory {id: row.id})
SET territory += row
RETURN count(*) AS written
"""

PUT_COMMUNES: Final[LiteralString] = """
UNWIND $rows AS row
MERGE (commune:Commune {insee: row.insee})
SET commune += row
RETURN count(*) AS written
"""

PUT_COMMUNES_IN: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (commune:Commune {insee: row.insee})
MATCH (territory:Territory {id: row.territory_id})
MERGE (commune)-[:IN]->(territory)
RETURN count(*) AS written
"""

PUT_ORGANISATIONS: Final[LiteralString] = """
UNWIND $rows AS row
MERGE (organisation:Organisation {id: row.id})
SET organisation += row
RETURN count(*) AS written
"""

PUT_SITES: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (organisation:Organisation {id: row.organisation_id})
MATCH (commune:Commune {insee: row.insee})
MERGE (site:Site {id: row.id})
SET site += row.facts
MERGE (organisation)-[:OPERATES]->(site)
MERGE (site)-[:IN]->(commune)
RETURN count(*) AS written
"""

PUT_RESOURCES: Final[LiteralString] = """
UNWIND $rows AS row
MERGE (resource:Resource {code: row.code})
SET resource = row
RETURN count(*) AS written
"""

PUT_SUBSTITUTIONS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (by_product:Resource {code: row.by_product})
MATCH (input:Resource {code: row.input})
MERGE (by_product)-[substitutes:SUBSTITUTES_FOR]->(input)
SET substitutes += row.facts
RETURN count(*) AS written
"""

PUT_FACTORS: Final[LiteralString] = """
UNWIND $rows AS row
MERGE (factor:Factor {id: row.id})
SET factor = row
RETURN count(*) AS written
"""

PUT_LISTINGS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (site:Site {id: row.site_id})
MATCH (resource:Resource {code: row.resource_code})
MERGE (listing:Listing {id: row.id})
SET listing = row.facts
MERGE (listing)-[:AT]->(site)
MERGE (listing)-[:OF]->(resource)
RETURN count(*) AS written
"""

WITHDRAW_LISTINGS: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (listing:Listing {id: id})
SET listing.status = 'WITHDRAWN', listing.version = listing.version + 1, listing.updated_at = $at
RETURN count(*) AS written
"""

PUT_CHECKSUM: Final[LiteralString] = """
MERGE (load:Import {id: $id}) SET load.checksum = $checksum, load.at = $at RETURN load.id AS id
"""


def facts_of(fact: object, *, without: Sequence[str] = (), key: Mapping[str, str] | None = None) -> Facts:
    """Return a domain fact as the store keeps it: enums as text, tuples as lists, nothing for what is missing.

    `without` names fields that are relationships in the graph, `key` the field that is called otherwise there.
    """
    renamed = key or {}
    named = {
        renamed.get(field.name, field.name): _stored(getattr(fact, field.name))
        for field in fields(fact)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        if field.name not in without
    }
    return {name: value for name, value in named.items() if value is not None}


def _stored(value: Any) -> Any:  # noqa: ANN401
    match value:
        case Enum():
            return value.value
        case QualityRange() | Evidence():
            return value.as_text()
        case tuple():
            return [_stored(item) for item in value] or None  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def batches(rows: Iterable[Facts]) -> Iterator[list[Facts]]:
    """Return the rows in lists of at most a thousand that fit into one message."""
    batch: list[Facts] = []
    size = 0
    for row in rows:
        weight = len(repr(row).encode("utf-8", "surrogatepass"))
        if batch and (len(batch) == BATCH or size + weight > MESSAGE_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += weight
    if batch:
        yield batch


async def put_territories(tx: Tx, territories: Sequence[Territory]) -> int:
    """Write territories; return how many."""
    return await _put(tx, PUT_TERRITORIES, (facts_of(each, key={"territory_id": "id"}) for each in territories))


async def put_communes(tx: Tx, communes: Sequence[Commune]) -> int:
    """Write communes and the territories they lie in; return how many communes."""
    written = await _put(tx, PUT_COMMUNES, (facts_of(each, without=("territory_ids",)) for each in communes))
    inside = ({"insee": each.insee, "territory_id": territory} for each in communes for territory in each.territory_ids)
    await _put(tx, PUT_COMMUNES_IN, inside)
    return written


async def put_organisations(tx: Tx, organisations: Sequence[Organisation]) -> int:
    """Write organisations; return how many."""
    rows = (facts_of(each, key={"organisation_id": "id"}) for each in organisations)
    return await _put(tx, PUT_ORGANISATIONS, rows)


async def put_sites(tx: Tx, sites: Sequence[Site]) -> int:
    """Write sites whose organisation and commune are there; return how many."""
    return await _put(tx, PUT_SITES, map(_site_row, sites))


async def put_resources(tx: Tx, resources: Sequence[Resource]) -> int:
    """Write resources; return how many."""
    return await _put(tx, PUT_RESOURCES, map(facts_of, resources))


async def put_substitutions(tx: Tx, substitutions: Sequence[Substitution]) -> int:
    """Write which by-product can replace which input; return how many."""
    rows = (
        {"by_product": each.by_product, "input": each.input_, "facts": facts_of(each, without=("by_product", "input_"))}
        for each in substitutions
    )
    return await _put(tx, PUT_SUBSTITUTIONS, rows)


async def put_factors(tx: Tx, factors: Sequence[Factor]) -> int:
    """Write factors, each with its key without the version; return how many."""
    rows = ({**facts_of(each, key={"factor_id": "id"}), "key": each.factor_id.rpartition("@")[0]} for each in factors)
    return await _put(tx, PUT_FACTORS, rows)


async def put_listings(tx: Tx, listings: Sequence[Listing]) -> int:
    """Write listings whose site and resource are there, over whatever was there before; return how many."""
    return await _put(tx, PUT_LISTINGS, map(listing_row, listings))


async def withdraw_estimates(tx: Tx, ids: Sequence[str], at: str) -> int:
    """Withdraw listings that the estimator no longer makes; return how many."""
    rows = await tx.run(WITHDRAW_LISTINGS, ids=list(ids), at=at)
    return int(rows[0]["written"])


async def record_checksum(tx: Tx, load_id: str, checksum: str, at: str) -> None:
    """Keep the checksum of what was loaded, once all of it is there."""
    await tx.run(PUT_CHECKSUM, id=load_id, checksum=checksum, at=at)


def listing_row(listing: Listing) -> Facts:
    """Return a listing as `put_listings` writes it."""
    facts = facts_of(listing, without=("site_id", "resource_code"), key={"listing_id": "id"})
    return {
        "id": listing.listing_id,
        "site_id": listing.site_id,
        "resource_code": listing.resource_code,
        "facts": facts,
    }


def _site_row(site: Site) -> Facts:
    facts = facts_of(site, without=("organisation_id", "insee"), key={"site_id": "id"})
    return {"id": site.site_id, "organisation_id": site.organisation_id, "insee": site.insee, "facts": facts}


async def _put(tx: Tx, query: LiteralString, rows: Iterable[Facts]) -> int:
    written = 0
    for batch in batches(rows):
        written += int((await tx.run(query, rows=batch))[0]["written"])
    return written
