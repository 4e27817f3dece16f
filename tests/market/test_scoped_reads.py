"""A read without a scope that the policy made does not type-check."""

from pathlib import Path
from typing import Final

import pytest
from mypy import api

ROOT: Final = Path(__file__).resolve().parents[2]
READ: Final = """
from symbiosis.domain.ids import ListingId
from symbiosis.policy import Viewer, listing_scope, synergy_scope
from symbiosis.store.graph import Tx
from symbiosis.store.listings import ListingRow, listings_by_id

async def read(tx: Tx, viewer: Viewer) -> dict[ListingId, ListingRow]:
    return await listings_by_id(tx, {scope}, [ListingId("lst-1")])
"""


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("listing_scope(viewer)", None),
        ("synergy_scope(viewer)", 'incompatible type "SynergyScope"; expected "ListingScope"'),
        ("viewer", 'incompatible type "Viewer"; expected "ListingScope"'),
        ("None", 'incompatible type "None"; expected "ListingScope"'),
        ("{}", 'incompatible type "dict[Never, Never]"; expected "ListingScope"'),
    ],
)
def test_a_read_takes_only_the_scope_that_is_made_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: str, said: str | None
) -> None:
    monkeypatch.chdir(ROOT)
    snippet = tmp_path / "snippet.py"
    snippet.write_text(READ.replace("{scope}", scope), "utf-8")
    told, _, code = api.run(["--follow-imports=silent", str(snippet)])
    assert (code == 0) is (said is None), told
    assert said is None or said in told
