"""Five pairs explained: one fine, and one each refused by law, quality, distance and date: `make show-pairs`.

The sites and listings are invented (`docs/samples/pairs-*.csv`); they are imported into an empty store of their own and
explained by the code of `symbiosis explain`, with the shipped catalogue, factors and law.
"""

import asyncio
import tempfile
from pathlib import Path

from symbiosis.cli.explain import show
from symbiosis.cli.screen import OUT
from symbiosis.domain.ids import ListingId, SiteId, listing_id_of
from symbiosis.ingest.files import import_listings, import_sites
from symbiosis.matching.explain import PairExplanation
from symbiosis.matching.pair import explain_stored_pair
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph
from symbiosis.store.opening import open_graph

SAMPLES = Path(__file__).parent.parent / "docs" / "samples"

PAIRS = (
    ("Fine", ("99999990300001", "slag"), ("99999990400009", "aggregates")),
    ("Barred by law", ("99999990100005", "acid"), ("99999990200003", "hcl")),
    ("Refused by quality", ("99999990600004", "wet-wood"), ("99999990500006", "dry-fuel")),
    ("Refused by distance", ("99999990300001", "warmth"), ("99999990500006", "network")),
    ("Refused by date", ("99999990600004", "sawdust"), ("99999990500006", "spring-fuel")),
)


async def explained(graph: Graph) -> list[tuple[str, PairExplanation]]:
    """Return the five pairs with their titles, after importing the samples."""
    await import_sites(graph, SAMPLES / "pairs-sites.csv")
    await import_listings(graph, SAMPLES / "pairs-listings.csv")
    return [
        (title, await explain_stored_pair(graph, _listing(*supply), _listing(*demand)))
        for title, supply, demand in PAIRS
    ]


def _listing(siret: str, reference: str) -> ListingId:
    return listing_id_of(SiteId(f"site-{siret}"), reference)


async def _show() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_graph(Settings(data_dir=Path(folder))) as graph:
            for number, (title, made) in enumerate(await explained(graph), start=1):
                OUT.print(f"\n[bold]{number}. {title}[/]")
                show(made)


if __name__ == "__main__":
    asyncio.run(_show())
