"""What groups are called: territories, communes and sites by their names, sections and divisions by NACE's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from symbiosis.analytics.balances import UNKNOWN, GroupBy
from symbiosis.domain.places import Territory
from symbiosis.ingest.tables import nace, waste_chapters
from symbiosis.store.flow_columns import FlowSite


@dataclass(frozen=True, slots=True)
class Label:
    """A group by its key, and what it is called in English and French: by the key itself where it has no name."""

    key: str
    name_en: str
    name_fr: str


def labels_of(by: GroupBy, sites: Iterable[FlowSite], territories: Iterable[Territory]) -> Mapping[str, Label]:
    """Return the label of every group of sites that has a name of its own, by key."""
    if by in {GroupBy.SECTION, GroupBy.DIVISION}:
        return {code: Label(code, label.label_en, label.label_fr) for code, label in nace().items()}
    names: dict[str, str] = {}
    if by is GroupBy.TERRITORY:
        names = {territory.territory_id: territory.name for territory in territories}
    elif by is GroupBy.COMMUNE:
        names = {site.insee: site.commune for site in sites}
    else:
        names = {site.site_id: site.name for site in sites}
    return {key: Label(key, name, name) for key, name in names.items()}


def label(labels: Mapping[str, Label], key: str) -> Label:
    """Return the label of a group."""
    return labels.get(key, Label(key, key, key))


def chapter_label(code: str) -> Label:
    """Return the label of a chapter of the List of Waste; "" and "?" are flows without a waste code."""
    named = waste_chapters().get(code)
    return Label(code or UNKNOWN, code, code) if named is None else Label(code, named.label_en, named.label_fr)
