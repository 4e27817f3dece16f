"""Why one pair fails a rule and what would have to change, in words that name the value and the limit."""

from dataclasses import dataclass
from typing import Final

from symbiosis.domain.candidates import Refusal
from symbiosis.domain.hazardous_waste import is_hazardous
from symbiosis.domain.legal import LegalPath, RouteKind, Standing
from symbiosis.domain.resources import End, PhysicalState, Quality, QualityRange, Resource, Substitution
from symbiosis.domain.synergies import StepReason, SynergyStatus
from symbiosis.domain.transport import TRANSPORT
from symbiosis.store.snapshot import OpenListing
from symbiosis.units import SYMBOL, TRADE_UNIT, km_from_m, trade_from_base

_QUALITY: Final = {
    Quality.TEMPERATURE_C: ("temperature", "°C", 1),
    Quality.MOISTURE_SHARE: ("moisture", "%", 100),
    Quality.PURITY_SHARE: ("purity", "%", 100),
    Quality.CHLORINE_SHARE: ("chlorine content", "%", 100),
    Quality.CALORIFIC_MJ_PER_KG: ("calorific value", "MJ/kg", 1),
    Quality.CONDUCTIVITY_US_PER_CM: ("conductivity", "µS/cm", 1),
    Quality.PARTICLE_MM: ("particle size", "mm", 1),
    Quality.ASH_SHARE: ("ash content", "%", 100),
    Quality.SULFUR_SHARE: ("sulphur content", "%", 100),
    Quality.METALS_MG_PER_KG: ("content of heavy metals", "mg/kg", 1),
    Quality.SUSPENDED_MG_PER_L: ("content of suspended solids", "mg/L", 1),
    Quality.COD_MG_PER_L: ("chemical oxygen demand", "mg/L", 1),
    Quality.PH: ("pH", "", 1),
}
_TURNED_DOWN: Final = {
    SynergyStatus.REJECTED: "People rejected this pair",
    SynergyStatus.ON_HOLD: "This pair was put on hold",
    SynergyStatus.LOST: "This pair was given up",
    SynergyStatus.COMPLETED: "This exchange was completed",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a pair is no candidate, and what would have to change."""

    refusal: Refusal
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What people decided about a pair, when (UTC, ISO-8601), and why if they said so."""

    status: SynergyStatus
    at: str
    reason: StepReason | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to say about one pair; `review` is None where the pair was not reviewed or it is not known how.

    `states` are those in which the supply arrives, `treatment` is what makes it fit, `path` its legal path.
    """

    supply: OpenListing
    demand: OpenListing
    given: Resource
    wanted: Resource
    distance_m: int
    states: tuple[PhysicalState, ...]
    treatment: Substitution | None
    path: LegalPath
    review: Reviewed | None = None

    def mends(self, quality: Quality, end: End) -> bool:
        """Say whether the treatment makes a limit at this end hold."""
        return self.treatment is not None and f"{quality}:{end}" in self.treatment.restores


def withdrawn(listing: OpenListing) -> Reason:
    """Return why a listing that is withdrawn meets nothing."""
    side = listing.direction.lower()
    sentence = f"The {side} {listing.listing_id} is withdrawn; only open listings meet."
    return Reason(Refusal.WITHDRAWN, sentence, f"The site lists the {side} again.")


def direction(listing: OpenListing, wanted: str) -> Reason:
    """Return why a listing on the wrong side of a pair meets nothing; `wanted` is supply or demand."""
    sentence = f"{listing.listing_id} is a {listing.direction.lower()}, not a {wanted}."
    return Reason(Refusal.DIRECTION, sentence, "Choose one supply and one demand, in this order.")


def resource(told: Told) -> tuple[Reason, ...]:
    """Return why the resources do not fit."""
    given, wanted = told.given.name_en, told.wanted.name_en
    code = told.demand.waste_code
    accepts = f", nor is it thrown away under {code}, which the demand accepts" if code else ""
    learns = f"he catalogue learns, with a source, how {given} replaces {wanted}."
    codes = ", ".join(told.given.waste_codes)
    remedy = f"The demand states that it accepts waste code {codes}, or t{learns}" if codes else f"T{learns}"
    sentence = f"{given} is not {wanted}, and the catalogue knows no treatment by which it replaces it{accepts}."
    return (Reason(Refusal.RESOURCE, sentence, remedy),)


def kind(told: Told) -> tuple[Reason, ...]:
    """Return why the kinds do not fit."""
    sentence = (
        f"{told.given.name_en} is {told.given.kind.lower()} and {told.wanted.name_en} is {told.wanted.kind.lower()}; "
        "different kinds never meet."
    )
    return (Reason(Refusal.KIND, sentence, f"Look for a {told.given.kind.lower()} demand."),)


def unit(told: Told) -> tuple[Reason, ...]:
    """Return why the units do not fit."""
    given, wanted = (SYMBOL[TRADE_UNIT[row.base_unit]] for row in (told.given, told.wanted))
    ways = TRANSPORT[told.given.kind].base_units
    travels = " or ".join(sorted(SYMBOL[TRADE_UNIT[base]] for base in ways))
    sentence = f"The supply is counted in {given} and the demand in {wanted}; {told.given.kind.lower()} travels in "
    return (Reason(Refusal.UNIT, f"{sentence}{travels}.", f"Both resources are counted in {travels}."),)


def out_of_reach(told: Told) -> tuple[Reason, ...]:
    """Return how far apart the sites are, and how far is looked."""
    name, reach_m = told.given.kind.lower(), TRANSPORT[told.given.kind].reach_m
    apart, reach = _km(told.distance_m, reach_m)
    sentence = f"{apart} km apart; {name} is looked for within {reach} km."
    return (Reason(Refusal.OUT_OF_REACH, sentence, f"A partner within {reach} km, or a more exact position."),)


def same_site(told: Told) -> tuple[Reason, ...]:
    """Return that a site does not trade with itself."""
    sentence = f"Both listings are of the site {told.supply.site_id}; a site exchanges with others."
    return (Reason(Refusal.SAME_SITE, sentence, "Use it on the site itself, or look for a partner elsewhere."),)


def quality_unknown(told: Told) -> tuple[Reason, ...]:
    """Return each limit of the demand for which the supply states no value."""
    reasons = []
    for limit in _limits(told.demand):
        stated = _stated(told.supply, limit.quality)
        missing = [
            end
            for end, wanted, known, side in (
                ("lowest", limit.low, stated.low, End.LOW),
                ("highest", limit.high, stated.high, End.HIGH),
            )
            if wanted is not None and known is None and not told.mends(limit.quality, side)
        ]
        if missing:
            name = _QUALITY[limit.quality][0]
            sentence = f"The demand needs a {name} of {_range(limit)}; the supply does not state its {_and(missing)}."
            reasons.append(Reason(Refusal.QUALITY_UNKNOWN, sentence, f"The supply states its {_and(missing)} {name}."))
    return tuple(reasons)


def quality(told: Told) -> tuple[Reason, ...]:
    """Return each limit of the demand that what the supply states is outside of."""
    reasons = []
    for limit in _limits(told.demand):
        stated = _stated(told.supply, limit.quality)
        low = limit.low is not None and stated.low is not None and stated.low < limit.low
        high = limit.high is not None and stated.high is not None and stated.high > limit.high
        if (low and not told.mends(limit.quality, End.LOW)) or (high and not told.mends(limit.quality, End.HIGH)):
            name = _QUALITY[limit.quality][0]
            sentence = (
                f"{told.given.name_en} arrives with a {name} of {_range(stated)}; the demand needs {_range(limit)}."
            )
            remedy = f"Bring the {name} to {_range(limit)}, or the demand accepts {_range(stated)}."
            reasons.append(Reason(Refusal.QUALITY, sentence, remedy))
    return tuple(reasons)


def physical_state(told: Told) -> tuple[Reason, ...]:
    """Return in which state it arrives, and which states the demand can handle."""
    handled = _or(told.demand.physical_states)
    if not told.states:
        sentence = f"The demand can handle {handled} only; the supply does not state in which state it arrives."
        return (Reason(Refusal.PHYSICAL_STATE, sentence, "The supply states its physical state."),)
    sentence = f"{told.given.name_en} arrives as {_or(told.states)}; the demand can handle {handled} only."
    remedy = f"A treatment brings it to {handled}, or the demand handles {_or(told.states)} too."
    return (Reason(Refusal.PHYSICAL_STATE, sentence, remedy),)


def minimum_lot(told: Told) -> tuple[Reason, ...]:
    """Return each side whose least quantity is above what the two could exchange."""
    unit = told.given.base_unit
    most = min(told.supply.quantity_base_per_year, told.demand.quantity_base_per_year)
    reasons = []
    for side, listing, verb in (("supply", told.supply, "lets go"), ("demand", told.demand, "takes")):
        least = listing.minimum_base_per_year
        if least is not None and least > most:
            at_least, at_most = (
                f"{trade_from_base(base, unit):g} {SYMBOL[TRADE_UNIT[unit]]}" for base in (least, most)
            )
            sentence = f"The {side} {verb} no less than {at_least} a year; the two could exchange {at_most} at most."
            remedy = f"The {side} accepts {at_most} a year, or the other side lists {at_least} or more."
            reasons.append(Reason(Refusal.MINIMUM_LOT, sentence, remedy))
    return tuple(reasons)


def hazardous_waste(told: Told) -> tuple[Reason, ...]:
    """Return why hazardous waste may not go there, with the article, and what each route asks for."""
    code = told.supply.waste_code
    what = f"{code}*" if code else f"it may be {', '.join(c for c in told.given.waste_codes if is_hazardous(c))}*"
    barred = next(route for route in told.path.routes if route.kind is RouteKind.WASTE)
    why = barred.sentence.removeprefix("Closed: ")
    sentence = f"{told.given.name_en} is hazardous waste ({what}); {why.removesuffix('.')} ({barred.article})"
    asked = [f"the receiver states {barred.conditions[0].needed} ({barred.conditions[0].article})"]
    for route in told.path.routes:
        if route.kind is RouteKind.BY_PRODUCT and route.standing is Standing.TO_PROVE:
            missing = [condition.name for condition in route.conditions if condition.given is None]
            asked.append(f"as a by-product, the supply states evidence of {', '.join(missing)} ({route.article})")
        if route.kind is RouteKind.END_OF_WASTE and route.standing is Standing.TO_PROVE:
            asked.append(f"it ceases to be waste first ({route.article})")
    if code is None:
        asked.append("the supply states its waste code, if that is not hazardous (R541-8)")
    remedy = "; or ".join(asked)
    return (Reason(Refusal.HAZARDOUS_WASTE, f"{sentence}.", f"{remedy[0].upper()}{remedy[1:]}."),)


def dates(told: Told) -> tuple[Reason, ...]:
    """Return when each side is there."""
    sentence = f"The supply is there {_when(told.supply)}, the demand {_when(told.demand)}; they share no day."
    return (Reason(Refusal.DATES, sentence, "One of the two sites moves its dates so that they share a day."),)


def reviewed(told: Told) -> tuple[Reason, ...]:
    """Return what people decided, when and why."""
    review = told.review
    if review is None:
        sentence = "People turned this pair down"
    else:
        why = f" for {review.reason}" if review.reason is not None else ""
        sentence = f"{_TURNED_DOWN.get(review.status, 'People turned this pair down')} on {review.at[:10]}{why}"
    back = f"{sentence}; it comes back when one of its listings changes."
    return (Reason(Refusal.REVIEWED, back, "One of the two sites changes its listing."),)


def _limits(demand: OpenListing) -> list[QualityRange]:
    return sorted((QualityRange.from_text(text) for text in demand.qualities), key=lambda limit: limit.quality)


def _stated(supply: OpenListing, wanted: Quality) -> QualityRange:
    ranges = (QualityRange.from_text(text) for text in supply.qualities)
    return next((given for given in ranges if given.quality is wanted), QualityRange(wanted, None, None))


def _range(limit: QualityRange) -> str:
    _, symbol, scale = _QUALITY[limit.quality]
    low, high = (None if end is None else f"{end * scale:.12g}" for end in (limit.low, limit.high))
    if low is None:
        return f"at most {high} {symbol}"
    if high is None:
        return f"at least {low} {symbol}"
    return f"{low} {symbol}" if low == high else f"{low} to {high} {symbol}"


def _or(states: tuple[PhysicalState, ...]) -> str:
    return " or ".join(state.lower() for state in states)


def _and(ends: list[str]) -> str:
    return " and ".join(ends)


def _when(listing: OpenListing) -> str:
    begin, end = listing.available_from, listing.available_until
    if begin and end:
        return f"from {begin} to {end}"
    return f"from {begin} on" if begin else f"until {end}" if end else "always"


def _km(apart_m: int, reach_m: int) -> tuple[str, str]:
    """Return both distances in km, to the metre where rounding would make them look alike."""
    apart = f"{km_from_m(apart_m):.1f}"
    if apart_m > reach_m and float(apart) <= km_from_m(reach_m):
        apart = f"{km_from_m(apart_m):.3f}"
    return apart, f"{km_from_m(reach_m):g}"
