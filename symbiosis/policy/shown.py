"""How much of a synergy and of its two sides a viewer sees."""

from dataclasses import dataclass
from enum import StrEnum

from symbiosis.domain.listings import Visibility
from symbiosis.domain.steps import Seat
from symbiosis.policy.viewer import Viewer
from symbiosis.store.synergies import Side, SynergyRow


class SideShown(StrEnum):
    """How much of one side of a synergy shows.

    AS_LISTED: what the visibility of the listing says, and the numbers of the synergy. OUTLINE: an anonymised
    listing, widened. NOTHING: a private one. In the last two cases no exact number of the synergy shows, for a
    quantity, a distance or a cost would tell the place.
    """

    AS_LISTED = "AS_LISTED"
    OUTLINE = "OUTLINE"
    NOTHING = "NOTHING"


_HIDDEN = {Visibility.PRIVATE: SideShown.NOTHING, Visibility.ANONYMISED: SideShown.OUTLINE}


def side_shown(viewer: Viewer, side: Side) -> SideShown:
    """Return how much of one side this viewer sees."""
    whole = side.site_id in viewer.site_ids or facilitates(viewer, side) or side.listing_id in viewer.consented
    return SideShown.AS_LISTED if whole else _HIDDEN.get(side.visibility, SideShown.AS_LISTED)


@dataclass(frozen=True, slots=True)
class NumbersShown:
    """Which of a suggestion's amounts a viewer may see; what is exchanged, its way and its emissions always show.

    A price that a site states is its own: of a suggestion made with it, others see neither that side's avoided cost
    nor the value and the shares, from which it could be worked out. What rests on public factors is no secret. Where a
    side is an outline or nothing to the viewer, no amount shows, and `exact` is false; what is exchanged
    then shows as a band (`banded`), but beside a private side. The aliases are under which name a listing that does
    not show is known to this viewer; None where it shows.
    """

    value: bool
    avoided_disposal: bool
    avoided_purchase: bool
    supplier_share: bool
    receiver_share: bool
    note: bool
    exact: bool = True
    banded: bool = True
    supply_alias: str | None = None
    demand_alias: str | None = None


def numbers_shown(viewer: Viewer, row: SynergyRow) -> NumbersShown:
    """Return which amounts of a synergy, and whether its facilitators' note, this viewer may see."""
    return numbers_between(viewer, row.supply, row.demand)


def numbers_between(viewer: Viewer, supply: Side, demand: Side) -> NumbersShown:
    """Return which amounts of a pair, be it a synergy or not, this viewer may see."""
    brokers = facilitates(viewer, supply) or facilitates(viewer, demand)
    gives, takes = supply.site_id in viewer.site_ids, demand.site_id in viewer.site_ids
    shown = {side.listing_id: side_shown(viewer, side) for side in (supply, demand)}
    exact = set(shown.values()) == {SideShown.AS_LISTED}
    aliases = {key: viewer.alias(key) for key, how in shown.items() if how is not SideShown.AS_LISTED}
    disposal = exact and (brokers or gives or not supply.priced)
    purchase = exact and (brokers or takes or not demand.priced)
    value = disposal and purchase
    return NumbersShown(
        value=value,
        avoided_disposal=disposal,
        avoided_purchase=purchase,
        supplier_share=value or (exact and gives),
        receiver_share=value or (exact and takes),
        note=brokers,
        exact=exact,
        banded=SideShown.NOTHING not in shown.values(),
        supply_alias=aliases.get(supply.listing_id),
        demand_alias=aliases.get(demand.listing_id),
    )


def seats(viewer: Viewer, row: SynergyRow) -> frozenset[Seat]:
    """Return as what a viewer sits at the table of a synergy; an analyst, who only reads it, has no seat."""
    taken = {
        Seat.FACILITATOR: facilitates(viewer, row.supply) or facilitates(viewer, row.demand),
        Seat.SUPPLIER: row.supply.site_id in viewer.site_ids,
        Seat.RECEIVER: row.demand.site_id in viewer.site_ids,
    }
    return frozenset(seat for seat, is_taken in taken.items() if is_taken)


def facilitates(viewer: Viewer, side: Side) -> bool:
    """Say whether the viewer is a facilitator where this side stands."""
    return side.insee in viewer.facilitated
