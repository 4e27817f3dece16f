"""How a supply and a demand may meet, and why they may not."""

from enum import StrEnum
from typing import Final


class Match(StrEnum):
    """What makes a supply fit a demand, the strictest reason first; a pair that fits in several ways takes the first.

    SAME_RESOURCE    both name the same resource of the catalogue
    SUBSTITUTE       the supply's resource can replace the demand's, treated as SUBSTITUTES_FOR says
    LOW_CODE         the demand itself states a six-digit waste code that it accepts, and the supply is that waste
    LOW_SUBCHAPTER   the demand itself states a four-digit subchapter, all of which it accepts

    A subchapter of the List of Waste names where a waste comes from, not what it is (15 01 holds glass and paper), so
    two six-digit codes of one subchapter are never taken for the same thing: the demand has to say so.
    """

    SAME_RESOURCE = "SAME_RESOURCE"
    SUBSTITUTE = "SUBSTITUTE"
    LOW_CODE = "LOW_CODE"
    LOW_SUBCHAPTER = "LOW_SUBCHAPTER"


class Refusal(StrEnum):
    """Why a pair of listings is not a candidate, in the order in which it is asked.

    A run looks at open supplies and demands whose resources fit, and counts each pair that is no candidate under the
    first rule from OUT_OF_REACH on that it fails; an explanation of one pair names all that it fails.
    """

    WITHDRAWN = "WITHDRAWN"
    DIRECTION = "DIRECTION"
    RESOURCE = "RESOURCE"
    KIND = "KIND"
    UNIT = "UNIT"
    OUT_OF_REACH = "OUT_OF_REACH"
    SAME_SITE = "SAME_SITE"
    PHYSICAL_STATE = "PHYSICAL_STATE"
    QUALITY_UNKNOWN = "QUALITY_UNKNOWN"
    QUALITY = "QUALITY"
    MINIMUM_LOT = "MINIMUM_LOT"
    DATES = "DATES"
    HAZARDOUS_WASTE = "HAZARDOUS_WASTE"
    REVIEWED = "REVIEWED"


class Check(StrEnum):
    """What a pair is looked at for; each rule belongs to one check."""

    LISTINGS = "LISTINGS"
    RESOURCE = "RESOURCE"
    DISTANCE = "DISTANCE"
    PHYSICAL_STATE = "PHYSICAL_STATE"
    QUALITY = "QUALITY"
    QUANTITY = "QUANTITY"
    DATES = "DATES"
    LAW = "LAW"
    VISIBILITY = "VISIBILITY"
    REVIEW = "REVIEW"


CHECK_OF: Final = {
    Refusal.WITHDRAWN: Check.LISTINGS,
    Refusal.DIRECTION: Check.LISTINGS,
    Refusal.RESOURCE: Check.RESOURCE,
    Refusal.KIND: Check.RESOURCE,
    Refusal.UNIT: Check.RESOURCE,
    Refusal.OUT_OF_REACH: Check.DISTANCE,
    Refusal.SAME_SITE: Check.DISTANCE,
    Refusal.PHYSICAL_STATE: Check.PHYSICAL_STATE,
    Refusal.QUALITY_UNKNOWN: Check.QUALITY,
    Refusal.QUALITY: Check.QUALITY,
    Refusal.MINIMUM_LOT: Check.QUANTITY,
    Refusal.DATES: Check.DATES,
    Refusal.HAZARDOUS_WASTE: Check.LAW,
    Refusal.REVIEWED: Check.REVIEW,
}


class NoticeCode(StrEnum):
    """What is to be known about a pair, but bars nothing.

    TO_PROVE    waste that is not hazardous, with no legal route open yet: something is to be proven before it moves
    ADR         it travels as dangerous goods, or is to be classified first
    ESTIMATED   a quantity behind it is estimated, not declared
    PRIVATE     a listing is private: the facilitator makes the contact
    """

    TO_PROVE = "TO_PROVE"
    ADR = "ADR"
    ESTIMATED = "ESTIMATED"
    PRIVATE = "PRIVATE"


NOTICE_OF: Final = {
    NoticeCode.TO_PROVE: Check.LAW,
    NoticeCode.ADR: Check.LAW,
    NoticeCode.ESTIMATED: Check.QUANTITY,
    NoticeCode.PRIVATE: Check.VISIBILITY,
}
