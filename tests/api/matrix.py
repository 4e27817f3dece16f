"""The permission matrix: what the table permissions.csv says of each role, tried through HTTP.

One cell is one role asking for one thing of one listing, of one visibility, in one state of the two consents. The
listing is a demand of site-b in the territory `there`; its partner is a public supply of site-a in `partner`. In the
table, Y is shown, - is not; A is allowed, R refused in words, H answered as if it were not there. `x/y` is x, and y
while the consents of both sides live. Changes are sent with a version that never was, so an allowed one is a CONFLICT.
`counted` is whether the sums of analyses count the pair: each exchanges its own power of two tonnes, so a sum tells.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import consent_id_of, synergy_id_of
from symbiosis.store.graph import Tx

TABLE: Final = Path(__file__).with_name("permissions.csv")
VISIBILITIES: Final = ("PRIVATE", "ANONYMISED", "TERRITORY", "PUBLIC")
CONSENTS: Final = {
    "none": (),
    "ours": ("SUPPLY",),
    "theirs": ("DEMAND",),
    "both": ("SUPPLY", "DEMAND"),
    "expired": ("SUPPLY", "EXPIRED"),
    "revoked": ("SUPPLY", "REVOKED"),
}
READS: Final = ("listing", "price", "found", "synergy", "side", "id", "numbers", "outline", "band", "counted")
WRITES: Final = ("update", "withdraw", "move", "assign", "grant")
WRITTEN: Final = ("none", "both")
"""The states of consents in which changes are tried: the others differ in what is read only."""

PAST: Final = "2020-12-31"
FUTURE: Final = "2098-12-31"

MANDATES: Final = {
    "visitor": None,
    "outsider": (),
    "retired-facilitator": ("FACILITATOR", "there", None, PAST),
    "future-facilitator": ("FACILITATOR", "there", FUTURE, None),
    "retired-owner": ("SITE_MANAGER", "site-b", None, PAST),
    "stranger": ("SITE_MANAGER", "site-x", None, None),
    "neighbour": ("SITE_MANAGER", "site-n", None, None),
    "owner": ("SITE_MANAGER", "site-b", None, None),
    "partner": ("SITE_MANAGER", "site-a", None, None),
    "facilitator-there": ("FACILITATOR", "there", None, None),
    "facilitator-partner": ("FACILITATOR", "partner", None, None),
    "facilitator-elsewhere": ("FACILITATOR", "elsewhere", None, None),
    "analyst-there": ("ANALYST", "there", None, None),
    "analyst-partner": ("ANALYST", "partner", None, None),
    "analyst-elsewhere": ("ANALYST", "elsewhere", None, None),
}

MANDATE: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (place) WHERE (place:Site OR place:Territory) AND place.id = row.place
MATCH (person:Person {id: row.person})
CREATE (person)-[acts:ACTS_FOR {role: row.role}]->(place)
SET acts.from_date = row.from_date, acts.until_date = row.until_date
"""
PERSON: Final[LiteralString] = """
UNWIND $rows AS row CREATE (:Person {id: row.person, subject: row.subject, name: row.subject})
"""
CONSENT: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (synergy:Synergy {id: row.synergy}), (site:Site {id: row.site})
CREATE (consent:Consent)-[:CONSENTS_TO]->(synergy)
CREATE (consent)-[:GIVEN_FOR]->(site)
SET consent += row.facts
"""

PLACES: Final = [
    {"territory": name, "kind": "METROPOLE", "insee": insee, "commune": insee}
    for name, insee in (("partner", "69001"), ("there", "42001"), ("elsewhere", "38001"))
]
SITES: Final = [
    {"id": f"site-{name}", "name": f"Site {name}", "insee": insee}
    for name, insee in (("a", "69001"), ("b", "42001"), ("n", "42001"), ("x", "38001"))
] + [{"id": f"site-{name}", "name": f"Site {name}", "insee": "42001"} for name in ("e", "f", "g")]


@dataclass(frozen=True, slots=True)
class Case:
    """One pair of the store: the visibility of its demand, and the state of its consents."""

    visibility: str
    consent: str

    @property
    def demand(self) -> str:
        """The id of the demand."""
        return f"lst-{self.visibility}-{self.consent}"

    @property
    def supply(self) -> str:
        """The id of the supply."""
        return f"sup-{self.visibility}-{self.consent}"

    @property
    def synergy(self) -> str:
        """The id of the synergy."""
        return synergy_id_of(self.supply, self.demand)  # type: ignore[arg-type]


CASES: Final = [Case(*pair) for pair in product(VISIBILITIES, CONSENTS)]


def expected() -> dict[tuple[str, str, str, str], str]:
    """Return what the table says of each role, action, visibility and state of consents."""
    cells = {}
    for row in csv.DictReader(TABLE.read_text("utf-8").splitlines()):
        for action, consent in (*product(READS, CONSENTS), *product(WRITES, WRITTEN)):
            usual, _, consented = row[action].partition("/")
            told = consented if consented and consent == "both" else usual
            cells[row["role"], action, row["visibility"], consent] = told
    return cells


def consents(case: Case) -> Iterator[dict[str, Any]]:
    """Yield the rows of the consents of a pair."""
    for given in CONSENTS[case.consent]:
        supply = given == "SUPPLY"
        listing = case.supply if supply else case.demand
        ended = given in {"EXPIRED", "REVOKED"}
        facts = {
            "id": consent_id_of(case.synergy, listing),  # type: ignore[arg-type]
            "side": "SUPPLY" if supply else "DEMAND",
            "listing_id": listing,
            "given_by": "per-owner",
            "given_at": "2020-01-01T00:00:00.000000Z",
            "live_until": "2020-02-01T00:00:00.000000Z" if ended else "2098-01-01T00:00:00.000000Z",
            "version": 1,
        }
        if given == "REVOKED":
            facts["revoked_at"] = facts["live_until"]
        yield {"synergy": case.synergy, "site": "site-a" if supply else "site-b", "facts": facts}


async def people(tx: Tx) -> None:
    """Write the people of the matrix with their mandates."""
    rows = [{"subject": role, "person": f"per-{role}"} for role, mandate in MANDATES.items() if mandate is not None]
    await tx.run(PERSON, rows=rows)
    keys = ("role", "place", "from_date", "until_date")
    mandates = [
        {"person": f"per-{role}", **dict(zip(keys, mandate, strict=True))}
        for role, mandate in MANDATES.items()
        if mandate
    ]
    await tx.run(MANDATE, rows=mandates)


def batches(cases: list[Case], size: int) -> Iterator[list[Case]]:
    """Yield the cases, so many at a time."""
    for start in range(0, len(cases), size):
        yield cases[start : start + size]


SEEN: Final = """
s{n}: synergy(id: "{case.synergy}") {{ demandId demand {{ id }} suggestion {{ rank }}
  demandOutline {{ alias }} exchangeBand {{ unit }} }}
l{n}: listing(id: "{case.demand}") {{ pricePerUnitEur }}
"""
COUNTED: Final = """{ flows(first: 1, by: SITE) { nodes { quantityPerYear } } }"""
FOUND: Final = """{ listings(first: 100, where: {siteId: {eq: "site-b"}}) { nodes { id } } }"""
SENT: Final = {
    "update": 'updateListing(input: {{id: "{case.demand}", version: 999, title: "T"}})',
    "withdraw": 'withdrawListing(input: {{id: "{case.demand}", version: 999}})',
    "move": 'moveSynergy(input: {{id: "{case.synergy}", version: 999, to: SHORTLISTED}})',
    "assign": 'assignSynergy(input: {{id: "{case.synergy}", version: 999}})',
    "grant": 'grantConsent(input: {{synergyId: "{case.synergy}", listingId: "{case.demand}", until: "UNTIL", '
    "version: 999}})",
}
OUTCOME: Final = {"ConflictProblem": "A", "NotAllowedProblem": "R", "NotFoundProblem": "H"}


async def tried(api: Any, role: str, until: str) -> dict[tuple[str, str, str, str], str]:
    """Return what a role is answered in every case, in the letters of the table."""
    subject = None if MANDATES[role] is None else role
    cells = {}
    counted = await _counted(api, subject)
    found = {node["id"] for node in (await data(api, subject, FOUND))["listings"]["nodes"]}
    for some in batches(CASES, 5):
        text = "{" + "".join(SEEN.format(n=n, case=case) for n, case in enumerate(some)) + "}"
        answer = await data(api, subject, text)
        for n, case in enumerate(some):
            shown = _shown(answer[f"s{n}"], answer[f"l{n}"], case)
            shown["found"] = case.demand in found
            shown["counted"] = case in counted
            for action, is_shown in shown.items():
                cells[role, action, case.visibility, case.consent] = "Y" if is_shown else "-"
    written = [case for case in CASES if case.consent in WRITTEN]
    for (action, text), some in product(SENT.items(), list(batches(written, 8))):
        fields = [f"m{n}: {text.format(case=case)} {{ __typename }}" for n, case in enumerate(some)]
        answer = await data(api, subject, "mutation {" + "\n".join(fields).replace("UNTIL", until) + "}")
        for n, case in enumerate(some):
            kind = answer[f"m{n}"]["__typename"]
            cells[role, action, case.visibility, case.consent] = OUTCOME.get(kind, kind)
    return cells


async def _counted(api: Any, subject: str | None) -> set[Case]:
    """Return the cases that the flows of a viewer count; none for who is refused."""
    answer = (await api.post(subject, COUNTED)).json()
    if "errors" in answer:
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_ALLOWED"]
        return set()
    tonnes = sum(int(row["quantityPerYear"]) for row in answer["data"]["flows"]["nodes"])
    return {case for place, case in enumerate(CASES) if tonnes >> place & 1}


async def data(api: Any, subject: str | None, text: str) -> dict[str, Any]:
    """Return the data of an answer that has no errors."""
    answer = (await api.post(subject, text)).json()
    assert "errors" not in answer, answer["errors"]
    found: dict[str, Any] = answer["data"]
    return found


def _shown(synergy: dict[str, Any] | None, listing: dict[str, Any] | None, case: Case) -> dict[str, bool]:
    seen = synergy or dict.fromkeys(("demandId", "demand", "suggestion", "demandOutline", "exchangeBand"))
    return {
        "listing": listing is not None,
        "price": listing is not None and listing["pricePerUnitEur"] is not None,
        "synergy": synergy is not None,
        "side": seen["demand"] is not None,
        "id": seen["demandId"] == case.demand,
        "numbers": seen["suggestion"] is not None,
        "outline": seen["demandOutline"] is not None,
        "band": seen["exchangeBand"] is not None,
    }
