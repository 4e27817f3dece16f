"""How a supply and a demand may meet, and why they may not."""

from enum import StrEnum


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
    QUALITY_UNKNOWN = "QUALITY_UNKNOWN"
    QUALITY = "QUALITY"
    DATES = "DATES"
    REVIEWED = "REVIEWED"
