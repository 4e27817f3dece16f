"""Work on a question in the process that is there for it: decide the market that shows, and keep what may be named."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from symbiosis.analytics.balances import GroupBy, groups_of
from symbiosis.analytics.cooperation import cooperation
from symbiosis.analytics.decided import Decided, decided
from symbiosis.analytics.jobs.answers import (
    MOST_TOUCHED,
    Answer,
    ChangeRow,
    CooperationAnswer,
    ExchangeRow,
    MarginalRow,
    MarginalsAnswer,
    NamedSite,
    NewcomerAnswer,
    RadarAnswer,
    StopRow,
    StopsAnswer,
    Touched,
    text_of,
)
from symbiosis.analytics.jobs.questions import (
    CooperationQuestion,
    MarginalsQuestion,
    RadarQuestion,
    StopsQuestion,
    kind_of,
)
from symbiosis.analytics.jobs.sighted import Material, among, told_apart
from symbiosis.analytics.marginals import marginals
from symbiosis.analytics.naming import label, labels_of
from symbiosis.analytics.newcomer import Newcomer, arrival
from symbiosis.analytics.plants import Wanted, activities, places_of
from symbiosis.analytics.progress import Told, within
from symbiosis.analytics.radar import portfolio
from symbiosis.analytics.resilience import Stop, pairs_of_points, single_points, stop_of
from symbiosis.domain.ids import SiteId
from symbiosis.domain.runs import RunPhase
from symbiosis.matching.compute import Report
from symbiosis.matching.snapshot import snapshot_of

DECIDED_SHARE: Final = 0.4
SINGLES_SHARE: Final = 0.8
"""Where stops of one site end, if stops of two are asked for too."""
MOST_ROWS: Final = 1000

Names = Callable[[SiteId], NamedSite]
Tell = Callable[[float, str], None]


def answered(report: Report, material: Material) -> str:
    """Return the answer to a question as one text; `report` is told how much of the work is done."""
    tell = partial(report, RunPhase.OPTIMISE)
    question = material.question
    tell(0.0, "reading the market")
    answer: Answer
    match question:
        case StopsQuestion():
            answer = _stops(material, question, tell)
        case MarginalsQuestion():
            answer = _marginals(material, question, _decided(material, tell))
        case CooperationQuestion():
            answer = _cooperation(material, question, tell)
        case Newcomer():
            answer = _newcomer(material, question)
        case RadarQuestion():
            answer = _radar(material, question, tell)
    return text_of(kind_of(question), answer)


def _decided(material: Material, tell: Tell) -> Decided:
    market = decided(snapshot_of(material.market))
    tell(DECIDED_SHARE, "the market is decided")
    return market


def _names(material: Material) -> Names:
    names = {site.site_id: site.name for site in material.sites}
    return lambda site_id: NamedSite(site_id, names.get(site_id, site_id))


def _deciding(tell: Tell, first: float = DECIDED_SHARE, last: float = 1.0) -> Told:
    """Return who is told how much of what is decided again is done."""
    return within(lambda share: tell(share, "deciding again"), first, last)


def _stops(material: Material, question: StopsQuestion, tell: Tell) -> StopsAnswer:
    market = _decided(material, tell)
    if question.site_ids:
        found = [stop_of(market, question.site_ids)]
    else:
        last, most = SINGLES_SHARE if question.pairs else 1.0, max(question.at_most, question.pairs)
        singles = single_points(market, most, among=material.own, told=_deciding(tell, last=last))
        costliest = [stop.site_ids[0] for stop in singles[: question.pairs]]
        found = [*singles[: question.at_most], *pairs_of_points(market, costliest, _deciding(tell, last))]
    names, own = _names(material), material.own
    return StopsAnswer(market.value_cent, tuple(_stop(stop, names, own) for stop in found))


def _stop(stop: Stop, names: Names, own: frozenset[SiteId]) -> StopRow:
    orphans = [
        Touched(names(x.site_id), x.listing_id, x.direction, x.resource_code, x.base_unit, x.lost_base_per_year)
        for x in stop.orphans
    ]
    stand_ins = [
        Touched(names(x.site_id), x.listing_id, x.direction, x.resource_code, x.base_unit, x.more_base_per_year)
        for x in stop.stand_ins
        if x.site_id in own
    ]
    return StopRow(
        sites=tuple(map(names, stop.site_ids)),
        partner_count=stop.partners,
        exchanged_cent_per_year=stop.exchanged_cent_per_year,
        lost_cent_per_year=stop.lost_cent_per_year,
        replaced_share=stop.replaced_share,
        orphan_count=len(stop.orphans),
        orphans=tuple(orphans[:MOST_TOUCHED]),
        stand_in_count=len(stop.stand_ins),
        stand_ins=tuple(stand_ins[:MOST_TOUCHED]),
        standby_count=len(stop.standbys),
        standbys=_named(names, (one for one in stop.standbys if one in own)),
    )


def _named(names: Names, site_ids: Iterable[SiteId]) -> tuple[NamedSite, ...]:
    return tuple(names(site_id) for site_id in site_ids)[:MOST_TOUCHED]


def _marginals(material: Material, question: MarginalsQuestion, market: Decided) -> MarginalsAnswer:
    names, own = _names(material), material.own
    rows = [row for row in marginals(market) if row.site_id in own]
    return MarginalsAnswer(len(rows), tuple(MarginalRow(names(row.site_id), row) for row in rows[: question.at_most]))


def _cooperation(material: Material, question: CooperationQuestion, tell: Tell) -> CooperationAnswer:
    there = told_apart(material) if question.by is GroupBy.TERRITORY else material.own
    market = decided(snapshot_of(among(material.market, there)))
    tell(DECIDED_SHARE, "the market is decided")
    groups = zip(material.sites, groups_of(material.sites, question.by), strict=True)
    seen = cooperation(market, {site.site_id: group for site, group in groups}, _deciding(tell))
    known = labels_of(question.by, material.sites, material.territories)
    return CooperationAnswer(seen, tuple(label(known, party.group) for party in seen.parties))


def _newcomer(material: Material, plant: Newcomer) -> NewcomerAnswer:
    seen, names, own = arrival(material.market, plant), _names(material), material.own
    exchanges = [one for one in seen.exchanges if one.partner_id in own]
    changes = [one for one in seen.changes if one.site_id in own]
    return NewcomerAnswer(
        gain_cent_per_year=seen.gain_cent_per_year,
        whole_cent_per_year=seen.whole_cent_per_year,
        listings=seen.listings,
        exchanges=tuple(
            ExchangeRow(
                direction=one.direction,
                resource_code=one.resource_code,
                partner=names(one.partner_id),
                base_unit=one.base_unit,
                quantity_base_per_year=one.quantity_base_per_year,
                value_cent_per_year=one.value_cent_per_year,
                distance_m=one.distance_m,
            )
            for one in exchanges[:MOST_ROWS]
        ),
        elsewhere_exchange_count=len(seen.exchanges) - len(exchanges),
        changes=tuple(ChangeRow(names(one.site_id), one.change_cent_per_year) for one in changes[:MOST_ROWS]),
        elsewhere_change_count=len(seen.changes) - len(changes),
    )


def _radar(material: Material, question: RadarQuestion, tell: Tell) -> RadarAnswer:
    places = places_of([site for site in material.sites if site.insee in material.sight.seen], question.places)
    nafs = question.activities or tuple(activities(material.sites))
    if not places:
        return RadarAnswer(0, ())
    wanted = Wanted(question.plants, question.employees, question.treatments)
    found = portfolio(material.market, nafs, places, wanted, _deciding(tell, 0.0))
    return RadarAnswer(found.candidate_count, found.plants)
